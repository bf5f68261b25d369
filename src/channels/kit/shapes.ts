import { z } from 'zod'

/**
 * Text that is not empty. By a pattern, for zod asks whatever has a `length` how long it is, and a length that cannot become
 * a number makes it throw (seen in 4.6.7).
 */
export const filled = z.string().regex(/./s)

/** The last moment that a `Date` can hold, ms since 1970: what lies behind it is no time. */
const LAST = 8.64e15

/** A moment as a platform tells it, ms since 1970. What cannot be one is not taken: it would break whoever shows it. */
export const msOf = z.number().positive().max(LAST)

/** The same in whole seconds. */
export const secondsOf = z
  .number()
  .positive()
  .max(LAST / 1000)
