import { z } from 'zod'
import { CAUSES } from '../domain/report.ts'
import { SEVERITIES, USUAL_SEVERITY } from '../domain/severity.ts'
import { duration } from './values.ts'

export const severity = z.enum(SEVERITIES)

/** How grave incidents are: by cause, and by how often a circuit has tripped. */
export const severityRules = z.strictObject({
  causes: z
    .strictObject(
      Object.fromEntries([...CAUSES, 'unknown' as const].map((cause) => [cause, severity.optional()])),
    )
    .transform((causes) => ({ ...USUAL_SEVERITY.causes, ...causes }))
    .prefault({}),
  repeats: z
    .strictObject({
      count: z
        .int()
        .refine((count) => count === 0 || (count >= 2 && count <= 20), 'must be 2 to 20, or 0 for never')
        .default(USUAL_SEVERITY.repeats.count),
      within: duration.default(USUAL_SEVERITY.repeats.within),
    })
    .prefault({}),
})
