import { z } from 'zod'
import { CAUSES } from '../domain/report.ts'
import { SEVERITIES } from '../domain/severity.ts'
import { duration, filled } from './values.ts'

const step = z.strictObject({
  after: duration,
  cards: z.boolean().optional(),
  mention: filled.optional(),
  call: filled.optional(),
  mail: z.array(filled).min(1, 'needs at least one address or name').optional(),
  webhook: filled.optional(),
  severity: z.enum(SEVERITIES).optional(),
  causes: z
    .array(z.enum([...CAUSES, 'unknown']))
    .min(1, 'needs at least one cause')
    .optional(),
})

const policy = z.strictObject({
  ackTimeout: duration.default(1_800_000),
  repeat: z.int().min(0).max(100, 'must be at most 100').default(1),
  repeatAfter: duration
    .refine((ms) => ms >= 60_000, 'must be at least 1m: from the last step to the first of the next round')
    .default(300_000),
  steps: z.array(step).min(1, 'needs at least one step'),
})

export const escalation = z.record(z.string(), policy)

/** What a site as a whole has. */
export const site = z.strictObject({ name: filled, escalation: filled.optional(), tariff: filled.optional() })
