import { setTimeout as delay } from 'node:timers/promises'
import { createArrivals } from '../arrivals.ts'
import { type Bench, using } from '../bench.ts'
import { SPREAD, spread, table } from '../figures.ts'
import { connect } from '../load.ts'
import { FIRST_BREAKER, PUSH_PATH, tripPush } from '../pushes.ts'
import { startService } from '../service.ts'
import { startTelegramStub } from '../telegram-stub.ts'

/** Trips one at a time, until the first outgoing request has reached the side of a chat platform. */
export async function trips(bench: Bench): Promise<void> {
  const count = bench.isQuick ? 50 : 400
  const devices = Array.from({ length: count }, (_, index) => FIRST_BREAKER + index)
  const arrivals = createArrivals()
  const [fromAnswer, fromPush]: [number[], number[]] = [[], []]
  await using(startTelegramStub(), async (stub) => {
    stub.onMessage(({ text }) => arrivals.note(/机(\d+)/.exec(text)?.[1] ?? ''))
    const [folder, store] = [bench.folder(), bench.sqlite()]
    await using(startService({ folder, store, telegramUrl: stub.url, breakers: count }), async ({ url }) => {
      await delay(1000)
      const { post, close } = await connect(url + PUSH_PATH)
      for (const device of devices) {
        const sent = performance.now()
        const status = await post(tripPush(device))
        const answered = performance.now()
        if (status !== 200) throw new Error(`answered ${status}`)
        await arrivals.all([`${device}`])
        const arrived = arrivals.at(`${device}`)!
        // A request that overtakes the 200 counts as 0.
        fromAnswer.push(Math.max(0, arrived - answered))
        fromPush.push(arrived - sent)
        // Fewer than the bot may send in a second.
        await delay(50)
      }
      close()
    })
  })
  console.log(
    table(
      [`${count} trips, one at a time, into one chat; until the first outgoing request, ms`, ...SPREAD],
      [
        ['from the 200 of the trip push', ...spread(fromAnswer)],
        ['from sending the trip push', ...spread(fromPush)],
      ],
    ),
  )
}
