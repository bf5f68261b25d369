import { z } from 'zod'
import { USUAL_OFFLINE } from '../domain/offline.ts'
import { severity } from './severity.ts'
import { duration, url } from './values.ts'

/** From when on it is an alarm that a breaker, a site or the cloud is away. */
export const offline = z
  .strictObject({
    grace: duration.default(USUAL_OFFLINE.grace),
    siteGrace: duration.default(USUAL_OFFLINE.siteGrace),
    cloudGrace: duration.default(USUAL_OFFLINE.cloudGrace),
    severity: severity.default(USUAL_OFFLINE.severity),
    siteSeverity: severity.default(USUAL_OFFLINE.siteSeverity),
    cloudSeverity: severity.default(USUAL_OFFLINE.cloudSeverity),
    flaps: z
      .int({ error: 'must be a whole number of times in an hour' })
      .min(0, 'must be at least 1, or 0 for never')
      .max(30, 'must be at most 30')
      .default(USUAL_OFFLINE.flaps),
  })
  .refine(({ grace, siteGrace }) => siteGrace <= grace, {
    path: ['siteGrace'],
    error: 'must not be longer than grace: its breakers would be alarms one by one before the site is one',
  })

/** A URL that is called while all is well, so that its far end notices when that stops. */
export const heartbeat = z.strictObject({
  url: url('https', 'http'),
  /** Called with the reason while all is not well. */
  failUrl: url('https', 'http').optional(),
  every: duration.refine((ms) => ms >= 10_000 && ms <= 86_400_000, 'must be 10s to 1d').default(60_000),
  method: z.enum(['GET', 'POST']).default('GET'),
})
