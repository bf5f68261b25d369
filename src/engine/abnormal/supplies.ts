import type { Accepted, Finding } from '../../domain/abnormal/finding.ts'
import type { DrawRecord } from '../../domain/abnormal/record.ts'
import type { BreakerConfig } from '../../domain/policy.ts'

/** What is known of the supplies of sites: all breakers of a site measure the same one, so what is said of it at one holds for all. */
export interface Supplies {
  /** Told of at another breaker, or to be kept quiet about. */
  isSilent(config: BreakerConfig, finding: Finding): boolean
  told(config: BreakerConfig, finding: Finding): void
  /** What was called normal at other breakers of the site. */
  accepted(config: BreakerConfig): Accepted[]
}

/** @param remembered of breakers, with what stands or was said of them */
export function suppliesOf(
  remembered: { breaker: string; record: DrawRecord }[],
  configOf: (breaker: string) => BreakerConfig | undefined,
  now: number,
): Supplies {
  const told = new Set<string>()
  const muted = new Set<string>()
  const words = new Map<string, { breaker: string; accepted: Accepted }[]>()
  for (const { breaker, record } of remembered) {
    const config = configOf(breaker)
    if (!config) continue
    const place = placeOf(config)
    for (const { finding } of record.standing) if (isSupply(finding)) told.add(`${finding.side} ${place}`)
    if (now < (record.supplyMutedUntil ?? 0)) muted.add(place)
    const said = record.accepted.filter(({ kind }) => kind === 'voltage')
    words.set(place, [...(words.get(place) ?? []), ...said.map((accepted) => ({ breaker, accepted }))])
  }
  return {
    isSilent: (config, finding) =>
      isSupply(finding) && (muted.has(placeOf(config)) || told.has(`${finding.side} ${placeOf(config)}`)),
    told(config, finding) {
      if (isSupply(finding)) told.add(`${finding.side} ${placeOf(config)}`)
    },
    accepted: (config) =>
      (words.get(placeOf(config)) ?? [])
        .filter(({ breaker }) => breaker !== config.id)
        .map(({ accepted }) => accepted),
  }
}

const isSupply = ({ kind }: Finding): boolean => kind === 'voltage'
const placeOf = ({ room, site }: BreakerConfig): string => `${room} ${site}`
