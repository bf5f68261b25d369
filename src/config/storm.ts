import { z } from 'zod'
import { durationBetween } from './values.ts'

/** When incidents open so fast that they share a card. */
export const storm = z.strictObject({
  more: z
    .int({ error: 'must be a whole number of cards' })
    .min(0, 'must be at least 1, or 0 for never')
    .max(20, 'must be at most 20: groups take about 20 messages a minute')
    .default(3),
  within: durationBetween('1s', '60s').default(10_000),
})
