import { setTimeout as delay } from 'node:timers/promises'
import { connect, percentile } from './load.ts'
import { FIRST_BREAKER, PUSH_PATH, READ, tripPush } from './pushes.ts'
import type { startTelegramStub } from './telegram-stub.ts'

/** From the 200 of a trip push to the arrival of the first outgoing request, and from sending the push: as a table, ms. */
export async function tripsToRequests(
  url: string,
  stub: Awaited<ReturnType<typeof startTelegramStub>>,
  trips: number,
): Promise<string> {
  const arrived = new Map<string, number>()
  stub.onMessage(({ text }) => {
    const breaker = /机(\d+)/.exec(text)?.[1]
    if (breaker && !arrived.has(breaker)) arrived.set(breaker, performance.now())
  })
  const { post, close } = await connect(url + PUSH_PATH)
  const [fromAnswer, fromPush]: [number[], number[]] = [[], []]
  for (let index = 0; index < trips; index++) {
    const device = FIRST_BREAKER + READ + index
    const sent = performance.now()
    const status = await post(tripPush(device))
    const answered = performance.now()
    if (status !== 200) throw new Error(`answered ${status}`)
    while (!arrived.has(`${device}`)) await delay(1)
    // A request that overtakes the 200 counts as 0.
    fromAnswer.push(Math.max(0, arrived.get(`${device}`)! - answered))
    fromPush.push(arrived.get(`${device}`)! - sent)
    // Fewer than the bot may send in a second.
    await delay(50)
  }
  close()
  return [
    '| from → to the first outgoing request, ms | p50 | p99 | max |\n| --- | --- | --- | --- |',
    row('the 200 of the trip push', fromAnswer),
    row('sending the trip push', fromPush),
  ].join('\n')
}

/** A row of a table: median, 99th percentile and greatest. */
export function row(what: string, values: readonly number[]): string {
  return `| ${what} | ${percentile(values, 50).toFixed(1)} | ${percentile(values, 99).toFixed(1)} | ${Math.max(...values).toFixed(1)} |`
}
