import { setTimeout as delay } from 'node:timers/promises'
import { type Bench, using } from '../bench.ts'
import { watchChat } from '../chat.ts'
import { table } from '../figures.ts'
import { postAll } from '../load.ts'
import { FIRST_BREAKER, PUSH_PATH, tripPush } from '../pushes.ts'
import { startService } from '../service.ts'
import { startTelegramStub, type TelegramStub } from '../telegram-stub.ts'

/** So many incidents have cards of their own. */
const OWN = 3

/** All breakers of a site trip at once; then one press acknowledges them. */
export async function storm(bench: Bench): Promise<void> {
  const trips = bench.isQuick ? 1000 : 10_000
  await using(startTelegramStub(), async (stub) => {
    const [folder, store] = [bench.folder(), bench.sqlite()]
    const options = { folder, store, telegramUrl: stub.url, breakers: trips, storm: OWN }
    await using(startService(options), async (service) => {
      await delay(1000)
      await service.usage()
      await stormOfTrips(service.url, stub, trips)
      const { p99 = 0, max = 0 } = await service.usage()
      const held = `${p99.toFixed(1)} ms (p99), ${max.toFixed(1)} ms at most`
      console.log(`\nThe event loop was held up for ${held}.`)
    })
  })
}

/** What the chat sees of it. */
async function stormOfTrips(url: string, stub: TelegramStub, trips: number): Promise<void> {
  const chat = watchChat(stub)
  const began = performance.now()
  const since = (at: number, from = began) => ((at - from) / 1000).toFixed(2)
  const bodies = Array.from({ length: trips }, (_, index) => tripPush(FIRST_BREAKER + index))

  const taken = began + (await postAll(url + PUSH_PATH, bodies))
  const first = await chat.until('the first card', ({ method }) => method === 'sendmessage')
  const shared = await chat.until('the storm card', ({ text }) => text.includes('起跳闸'))
  const truth = await chat.until('the true number', ({ text }) => text.includes(`${trips - OWN} 起待确认`))
  const messages = () => `${chat.count('sendmessage')}, and ${chat.count('editmessagetext')}`
  const rows = [
    ['the last push was answered', since(taken)],
    ['the first card', since(first.at)],
    ['the card of the storm', since(shared.at)],
    ['it shows all of them', since(truth.at)],
    ['messages sent, and changes of the card, by then', messages()],
  ]
  const pressed = performance.now()
  stub.press(shared.id, truth.buttons[0]!.callback_data)
  const answer = await chat.until('the answer', ({ method }) => method === 'answercallbackquery')
  const done = await chat.until('all acknowledged', ({ text }) => text.includes(`${trips - OWN} 起已确认`))
  rows.push(
    ['pressing acknowledge, until the answer', since(answer.at, pressed)],
    ['until all are acknowledged on the card', since(done.at, pressed)],
    ['messages sent, and changes of the card, in all', messages()],
  )
  console.log(
    table([`${trips} trips of ${trips} breakers at one site, at once; from the first push, s`, ''], rows),
  )
}
