import { z } from 'zod'

/** The last moment that a `Date` can hold, ms since 1970: what lies behind it is no time. */
const LAST = 8.64e15

/** A moment as a platform tells it, ms since 1970. What cannot be one is not taken: it would break whoever shows it. */
export const msOf = z.number().positive().max(LAST)

/** The same in whole seconds. */
export const secondsOf = z
  .number()
  .positive()
  .max(LAST / 1000)
