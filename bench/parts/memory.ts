import { setTimeout as delay } from 'node:timers/promises'
import { type Bench, using } from '../bench.ts'
import { table } from '../figures.ts'
import { asInstalled, type Settings } from '../installed.ts'
import { saturate } from '../load.ts'
import { createStatePushes, PUSH_PATH } from '../pushes.ts'
import { peakOf, residentOf } from '../resident.ts'
import { startService } from '../service.ts'
import { startTelegramStub } from '../telegram-stub.ts'

const FLEETS = [1000, 10_000]
/** A breaker's reports in the hour that is played: one in five minutes, and a few to try it out. */
const REPORTS = { full: 12, quick: 4 }
/** How long it is left alone before it is looked at, ms: V8 tidies up when nothing has happened for 8 s. */
const REST = 15_000

interface Found {
  name: string
  resting: number
  after: number
  peak: number
  /** ms for 1,000 reports. */
  processor: number
}

/** What a fleet needs of memory: at rest, and after the reports of an hour as fast as they are taken. */
export async function memory(bench: Bench): Promise<void> {
  const each = bench.isQuick ? REPORTS.quick : REPORTS.full
  const installed = asInstalled(bench.folder())
  await look(bench, 'to fill the cache', 10, each, installed)
  const found: Found[] = []
  for (const breakers of FLEETS)
    found.push(await look(bench, `${breakers} breakers`, breakers, each, installed))
  found.push(await look(bench, 'the same, without the settings of the unit', FLEETS.at(-1)!, each, {}))
  const rows = found.map((one) => [
    one.name,
    ...[one.resting, one.after, one.peak, one.processor].map((value) => value.toFixed(0)),
  ])
  const head = ['at rest, MiB', `after ${each} reports of each`, 'at most', 'processor, ms for 1,000 reports']
  console.log(table(['', ...head], rows))
  const [few, many] = found as [Found, Found, Found]
  const growth = (of: 'resting' | 'after') =>
    (((many[of] - few[of]) * 1000) / (FLEETS[1]! - FLEETS[0]!)).toFixed(1)
  console.log(
    `\n1,000 breakers more are ${growth('resting')} MiB at rest, ${growth('after')} MiB after the load.`,
  )
}

async function look(
  bench: Bench,
  name: string,
  breakers: number,
  each: number,
  settings: Settings,
): Promise<Found> {
  return using(startTelegramStub(), ({ url: telegramUrl }) => {
    const options = { folder: bench.folder(), store: bench.sqlite(), telegramUrl, breakers, ...settings }
    return using(startService(options), async (service) => {
      await delay(REST)
      const resting = residentOf(service.pid)
      const next = createStatePushes(breakers)
      const count = breakers * each
      await service.usage()
      await saturate(service.url + PUSH_PATH, next, count)
      await service.drain!()
      const { processor } = await service.usage()
      await delay(REST)
      const perThousand = (processor * 1000) / count
      return {
        name,
        resting,
        after: residentOf(service.pid),
        peak: peakOf(service.pid),
        processor: perThousand,
      }
    })
  })
}
