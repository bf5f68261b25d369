import { z } from 'zod'
import { USUAL_OFFLINE } from '../domain/offline.ts'
import { severity } from './severity.ts'
import { duration } from './values.ts'

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
