import { z } from 'zod'
import { duration, url } from './values.ts'

/** A URL that is called while all is well, so that its far end notices when that stops. */
export const heartbeat = z.strictObject({
  url: url('https', 'http'),
  /** Called with the reason while all is not well. */
  failUrl: url('https', 'http').optional(),
  every: duration.refine((ms) => ms >= 10_000 && ms <= 86_400_000, 'must be 10s to 1d').default(60_000),
  method: z.enum(['GET', 'POST']).default('GET'),
})
