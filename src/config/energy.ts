import { z } from 'zod'
import { durationBetween } from './values.ts'

const DAY = 86_400_000

/** What is made of the measured values; `keep`: as they were measured, by minute, and by hour. */
export const energy = z.strictObject({
  keep: z
    .strictObject({
      raw: durationBetween('1d', '366d').default(7 * DAY),
      minutes: durationBetween('1d', '3660d').default(90 * DAY),
      // The usual draw of a breaker is learned from eight weeks.
      hours: durationBetween('56d', '3660d').default(730 * DAY),
    })
    .refine(({ raw, minutes }) => raw <= minutes, {
      path: ['minutes'],
      error: 'must not be shorter than raw: only what is older than that is kept by minute',
    })
    .refine(({ minutes, hours }) => minutes <= hours, {
      path: ['hours'],
      error: 'must not be shorter than minutes: each hour of them belongs to one that is kept',
    })
    .prefault({}),
  /** Charts are sent as pictures where a chat can show them. */
  pictures: z.boolean().default(true),
  /** The load before a trip follows its card, as a picture. */
  tripPictures: z.boolean().default(true),
})
