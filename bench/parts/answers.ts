import { setTimeout as delay } from 'node:timers/promises'
import { createArrivals } from '../arrivals.ts'
import { type Bench, using } from '../bench.ts'
import { type Chat, watchChat } from '../chat.ts'
import { startCloudStub } from '../cloud-stub.ts'
import { SPREAD, spread, table } from '../figures.ts'
import { type Connection, connect } from '../load.ts'
import { FIRST_BREAKER, PUSH_PATH, switchPush, tripPush } from '../pushes.ts'
import { startService } from '../service.ts'
import { startTelegramStub, type TelegramStub } from '../telegram-stub.ts'

/** Fewer messages than the bot may send in a second, ms. */
const BREATH = 250

/** From presses on a card to the answers, and from commands to their signed calls at the cloud. */
export async function answers(bench: Bench): Promise<void> {
  const count = bench.isQuick ? 20 : 150
  const calls = createArrivals()
  await using(startCloudStub(), (cloud) =>
    using(startTelegramStub(), async (stub) => {
      cloud.onControl((breaker) => calls.note(breaker))
      const chat = watchChat(stub)
      const options = {
        ...{ folder: bench.folder(), store: bench.sqlite(), breakers: count },
        ...{ telegramUrl: stub.url, cloudUrl: cloud.url, isSiteEach: true },
      }
      await using(startService(options), async ({ url }) => {
        await delay(1000)
        const pushes = await connect(url + PUSH_PATH)
        const times: Times = { acknowledged: [], closed: [], opened: [] }
        for (let index = 0; index < count; index++)
          await goThrough(FIRST_BREAKER + index, { stub, chat, calls, pushes, times })
        pushes.close()
        print(count, times)
      })
    }),
  )
}

interface Times {
  acknowledged: number[]
  closed: number[]
  opened: number[]
}

interface Scene {
  stub: TelegramStub
  chat: Chat
  calls: ReturnType<typeof createArrivals>
  pushes: Connection
  times: Times
}

/** A breaker trips, is acknowledged, closed in two steps, and opened again. */
async function goThrough(device: number, { stub, chat, calls, pushes, times }: Scene): Promise<void> {
  const name = `机${device}`
  const shows = (label: string) =>
    chat.until(
      `${label} of ${name}`,
      ({ text, buttons }) => text.includes(name) && buttons.some(({ text }) => text === label),
    )
  /** Presses and answers with how long the answer took; the press is the nth. */
  const press = async (label: string) => {
    const card = await shows(label)
    await delay(BREATH)
    const before = chat.count('answercallbackquery')
    const began = performance.now()
    stub.press(card.id, card.buttons.find(({ text }) => text === label)!.callback_data)
    return { began, before }
  }
  const answered = (before: number) => {
    let seen = 0
    return chat.until(
      `the answer to a press on ${name}`,
      ({ method }) => method === 'answercallbackquery' && ++seen > before,
    )
  }

  await post(pushes, tripPush(device, 'overvoltage'))
  const acknowledging = await press('确认')
  times.acknowledged.push((await answered(acknowledging.before)).at - acknowledging.began)

  await answered((await press('合闸')).before)
  const { began } = await press('确认合闸')
  await calls.all([`${device}`])
  times.closed.push(calls.at(`${device}`)! - began)
  calls.clear()
  await post(pushes, switchPush(device, true))
  await delay(BREATH)

  const said = performance.now()
  stub.say(`分闸 ${name}`)
  await calls.all([`${device}`])
  times.opened.push(calls.at(`${device}`)! - said)
  calls.clear()
  await post(pushes, switchPush(device, false))
}

async function post({ post }: Connection, body: string): Promise<void> {
  const status = await post(body)
  if (status !== 200) throw new Error(`answered ${status}`)
}

function print(count: number, { acknowledged, closed, opened }: Times): void {
  console.log(
    table(
      [`${count} times each, one at a time, ms`, ...SPREAD],
      [
        ['pressing acknowledge → the answer to the press', ...spread(acknowledged)],
        ['confirming a close → its signed call at the cloud, which was asked first', ...spread(closed)],
        ['typing an opening → its signed call at the cloud', ...spread(opened)],
      ],
    ),
  )
}
