import { z } from 'zod'
import { durationBetween, url } from './values.ts'

/** A URL that is called while all is well, so that its far end notices when that stops. */
export const heartbeat = z.strictObject({
  url: url('https', 'http'),
  /** Called with the reason while all is not well. */
  failUrl: url('https', 'http').optional(),
  every: durationBetween('10s', '1d').default(60_000),
  method: z.enum(['GET', 'POST']).default('GET'),
})
