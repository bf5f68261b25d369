import { DAY, HOUR } from './hour.ts'

/** The forms in which measured values lie in blocks: as they were measured, by minute, by hour. */
export const TIERS = ['raw', 'minutes', 'hours'] as const
export type Tier = (typeof TIERS)[number]

/** The length of a block, ms. An hour lies in one of the first two. */
export const LENGTH: Record<Tier, number> = { raw: HOUR, minutes: HOUR, hours: DAY }

/** Samples that came so long ago, ms, are put into their block: few come later. */
export const SETTLED = 10 * 60_000
