import { setTimeout as delay } from 'node:timers/promises'
import { connect } from './load.ts'
import { FIRST_BREAKER, PUSH_PATH, tripPush } from './pushes.ts'
import type { StubMessage, startTelegramStub } from './telegram-stub.ts'

const CONNECTIONS = 64
const PATIENCE = 300_000

/** All breakers trip at once; then one press acknowledges them. What the chat sees of it, as a table, s. */
export async function stormOfTrips(
  url: string,
  stub: Awaited<ReturnType<typeof startTelegramStub>>,
  trips: number,
): Promise<string> {
  const seen: (StubMessage & { at: number })[] = []
  const began = performance.now()
  const since = (at: number) => ((at - began) / 1000).toFixed(2)
  stub.onMessage((message) => seen.push({ ...message, at: performance.now() }))
  const until = async (what: string, fits: (one: StubMessage) => boolean) => {
    for (;;) {
      const found = seen.find(fits)
      if (found) return found
      if (performance.now() > began + PATIENCE) throw new Error(`waited in vain for ${what}`)
      await delay(5)
    }
  }
  const count = (method: StubMessage['method']) => seen.filter((one) => one.method === method).length

  const taken = await tripAll(url, trips)
  const own = 3
  const first = await until('the first card', ({ method }) => method === 'sendmessage')
  const storm = await until('the storm card', ({ text }) => text.includes('起跳闸'))
  const truth = await until('the true number', ({ text }) => text.includes(`${trips - own} 起待确认`))
  const rows = [
    ['the last push was answered', since(taken)],
    ['the first card', since(first.at)],
    ['the card of the storm', since(storm.at)],
    ['it shows all of them', since(truth.at)],
    ['messages sent by then', `${count('sendmessage')}`],
    ['changes of the card by then', `${count('editmessagetext')}`],
  ]
  const pressed = performance.now()
  stub.press(storm.id, truth.buttons[0]!.callback_data)
  const answer = await until('the answer', ({ method }) => method === 'answercallbackquery')
  const done = await until('all acknowledged', ({ text }) => text.includes(`${trips - own} 起已确认`))
  rows.push(
    ['pressing acknowledge, until the answer', ((answer.at - pressed) / 1000).toFixed(2)],
    ['until all are acknowledged on the card', ((done.at - pressed) / 1000).toFixed(2)],
    ['messages sent in all', `${count('sendmessage')}`],
    ['changes of the card in all', `${count('editmessagetext')}`],
  )
  return [
    '| from the first push, s | |\n| --- | --- |',
    ...rows.map(([what, value]) => `| ${what} | ${value} |`),
  ].join('\n')
}

/** When the last of the pushes was answered. */
async function tripAll(url: string, trips: number): Promise<number> {
  let next = 0
  const one = async () => {
    const { post, close } = await connect(url + PUSH_PATH)
    while (next < trips) {
      const status = await post(tripPush(FIRST_BREAKER + next++))
      if (status !== 200) throw new Error(`answered ${status}`)
    }
    close()
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, one))
  return performance.now()
}
