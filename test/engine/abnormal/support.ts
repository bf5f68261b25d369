import { USUAL_DRAW_RULES } from '../../../src/domain/abnormal/rules.ts'
import type { Policy } from '../../../src/domain/policy.ts'
import type { Store } from '../../../src/store/store.ts'
import { until } from '../../support/until.ts'
import { PUMP, type Rig, type RigOptions, startRig, testPolicy } from '../rig.ts'

export const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]

/** What is measured of a breaker at a moment; undefined: nothing. */
export type Meter = (at: number) => { power?: number; voltage?: number; current?: number } | undefined

/** What meters show, and how often that was asked for. */
export interface Metering {
  meters: Map<string, Meter>
  asked: number
}

/** A store that knows what meters show, one sample a minute. */
export function seeing(metering: Metering): () => Pick<Store, 'summaries'> {
  const { meters } = metering
  return () => ({
    async summaries(devices, span, from, to) {
      metering.asked++
      const length = span === 'hour' ? HOUR : MINUTE
      const first = Math.floor(from / length) * length
      return devices.map((device) => {
        const meter = meters.get(device)
        if (!meter) return []
        return Array.from(
          { length: Math.max(0, Math.ceil((to - first) / length)) },
          (_, i) => first + i * length,
        )
          .map((start) => ({ start, shows: meter(start) }))
          .flatMap(({ start, shows }) => {
            if (!shows) return []
            const spread = (value: number) => {
              const milli = Math.round(value * 1000)
              return { min: milli, max: milli, sum: milli, count: 1 }
            }
            const { power, voltage, current } = shows
            const edge = (at: number) => ({ at, power: power ?? 0 })
            return [
              {
                ...{ device, start, span: length, count: 1, firstAt: start, lastAt: start + length - 1 },
                ...(voltage !== undefined && { voltage: spread(voltage) }),
                ...(current !== undefined && { current: spread(current) }),
                ...(power !== undefined && {
                  power: spread(power),
                  load: {
                    first: edge(start),
                    last: edge(start + length - 1),
                    energy: (power / 1000) * (length / HOUR),
                    covered: length,
                  },
                }),
              },
            ]
          })
      })
    },
  })
}

/** Some looks have begun and ended. */
export async function looked(metering: Metering): Promise<void> {
  const before = metering.asked
  await until(() => metering.asked > before + 5, 'looks')
}

/** Wednesday, 10:30 in Shanghai. */
export const BEGIN = Date.parse('2026-06-10T10:30:00+08:00')

/** The usual policy, with all that is looked for in a draw. */
export const watchingPolicy = (more: Partial<Policy> = {}): Policy =>
  testPolicy({ draw: USUAL_DRAW_RULES, ...more })

export interface Scene extends Rig, Metering {
  /** The pump's contacts are told to be so. */
  contacts(power: '0' | '1'): Promise<void>
}

/** A pump that runs all day at 1000 W, 220 V, watched every 20 ms. */
export async function watched(options: RigOptions & { meter?: Meter } = {}): Promise<Scene> {
  const metering: Metering = { meters: new Map([[PUMP, options.meter ?? running]]), asked: 0 }
  const rig = await startRig({
    ahead: BEGIN - Date.now(),
    policy: watchingPolicy(),
    watchEvery: 20,
    storeSeen: seeing(metering),
    ...options,
  })
  const contacts = (power: '0' | '1') =>
    rig.push({ type: 'state', device: PUMP, ts: rig.now(), data: { power } })
  return Object.assign(metering, { ...rig, contacts })
}

export const running: Meter = () => ({ power: 1000, voltage: 220, current: 4.6 })
