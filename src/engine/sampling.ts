import { type Doubt, measure } from '../domain/measuring.ts'
import { message } from '../domain/message.ts'
import type { BreakerConfig } from '../domain/policy.ts'
import type { Report } from '../domain/report.ts'
import { doubtOf, type UnitDoubt, type UnitWatch, watchUnits } from '../domain/unit-doubts.ts'
import type { Sample } from '../store/store.ts'
import type { ProductProfile } from '../thingboot/profile.ts'
import { unitWord } from '../thingboot/units.ts'
import type { Parts } from './parts.ts'
import { adminJob } from './send-jobs.ts'

/** A breaker's implausible values are logged no more often, ms. */
const LOG_AGAIN = 3_600_000

/** What settings call it. */
const QUANTITY = { voltage: 'voltage', current: 'current', activePower: 'power', energy: 'energy' } as const

/** Makes samples of reports, and watches whether the values come in the units that they are taken for. */
export function createSampling(
  { store, log, metrics, now }: Parts,
  profileFor: (device: string) => ProductProfile,
) {
  const watches = new Map<string, UnitWatch>()
  const logged = new Map<string, number>()
  /** What admins were told of, for this run: on disk it stands as well. */
  const told = new Set<string>()

  function measured(config: BreakerConfig, report: Report): { samples: Sample[]; doubts: Doubt[] } {
    const { measured, doubts } = measure(config, report, now())
    return { samples: measured ? [{ device: config.id, ...measured }] : [], doubts }
  }

  /** To be called once the report's samples are on disk. Never rejects. */
  async function taken(config: BreakerConfig, report: Report, doubts: Doubt[]): Promise<void> {
    if (doubts.length > 0) tellDoubts(config, doubts)
    const watch = watchUnits(watches.get(config.id) ?? {}, config, report)
    watches.set(config.id, watch)
    const doubt = doubtOf(watch)
    if (!doubt || told.has(keyOf(config, doubt))) return
    try {
      await tellUnit(config, doubt)
    } catch (error) {
      log.warn({ breaker: config.id, error: String(error) }, 'an admin could not be told of a unit')
    }
  }

  function tellDoubts({ id }: BreakerConfig, doubts: Doubt[]): void {
    for (const { reading } of doubts) metrics.implausible.inc({ reading })
    if (now() - (logged.get(id) ?? Number.NEGATIVE_INFINITY) < LOG_AGAIN) return
    logged.set(id, now())
    log.warn({ breaker: id, values: doubts }, 'implausible readings are left out of the samples')
  }

  async function tellUnit(config: BreakerConfig, doubt: UnitDoubt): Promise<void> {
    const key = keyOf(config, doubt)
    const { reading, factor } = doubt
    const quantity = QUANTITY[reading]
    const unit = unitWord(quantity, profileFor(config.id).units[reading] / factor)
    const text = message(factor > 1 ? 'admin.unit-large' : 'admin.unit-small', {
      breaker: config.name,
      what: message(`metered.${quantity}`),
      times: Math.round(Math.max(factor, 1 / factor)),
      setting: `units.${quantity}: ${unit}`,
    })
    // On a conflict it was told in an earlier run, or by another instance.
    await store.commit({
      writes: [{ key, value: { at: now(), factor }, version: 0 }],
      jobs: [adminJob(`units:${config.id}:${reading}`, text)],
    })
    told.add(key)
  }

  return { measured, taken }
}

const keyOf = ({ id }: BreakerConfig, { reading }: UnitDoubt): string => `unit-doubt/${id}:${reading}`
