import { z } from 'zod'
import { CAUSES } from '../domain/report.ts'
import { SEVERITIES, USUAL_SEVERITY } from '../domain/severity.ts'
import { duration, shown } from './values.ts'

export const severity = z.enum(SEVERITIES)

/** How grave incidents are: by cause, and by how often a circuit has tripped. */
export const severityRules = z.strictObject({
  causes: shown(
    z
      .strictObject(
        Object.fromEntries([...CAUSES, 'unknown' as const].map((cause) => [cause, severity.optional()])),
      )
      .transform((causes) => ({ ...USUAL_SEVERITY.causes, ...causes })),
    { form: 'severities by cause' },
  ).prefault({}),
  repeats: z
    .strictObject({
      count: shown(
        z
          .int()
          .refine((count) => count === 0 || (count >= 2 && count <= 20), 'must be 2 to 20, or 0 for never'),
        { form: '0, 2–20' },
      ).default(USUAL_SEVERITY.repeats.count),
      within: duration.default(USUAL_SEVERITY.repeats.within),
    })
    .prefault({}),
})
