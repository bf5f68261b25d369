import { z } from 'zod'
import { CAUSES } from '../domain/report.ts'
import { duration, shown } from './values.ts'

/** What may never close by itself, with why. */
const NEVER: Record<string, string> = {
  'short-circuit': 'after a short circuit nothing closes by itself: somebody must look first',
  leakage: 'after earth leakage nothing closes by itself: somebody may be in contact',
  'over-temperature': 'after over-temperature nothing closes by itself: a terminal may be loose',
  manual: 'what somebody opened never closes by itself: somebody may be working there',
  hand: 'what somebody opened never closes by itself: somebody may be working there',
}
const RECLOSABLE = ['voltage', ...CAUSES.filter((cause) => !(cause in NEVER)), 'unknown'] as const

const reclosable = shown(
  z.string().superRefine((cause, context) => {
    if ((RECLOSABLE as readonly string[]).includes(cause)) return
    const message = NEVER[cause] ?? `must be ${RECLOSABLE.join(' or ')}`
    context.addIssue({ code: 'custom', message })
  }),
  { form: RECLOSABLE.join(', ') },
)

export const autoReclose = z.strictObject({
  enabled: z.boolean().default(false),
  causes: z.array(reclosable).min(1, 'needs at least one cause').default(['voltage']),
  deadTime: duration.default(5000),
  shots: z.int().min(1, 'must be at least 1').max(3, 'must be at most 3').default(1),
  reclaim: duration.default(180_000),
  perDay: z.int().min(1, 'must be at least 1').max(20, 'must be at most 20').default(3),
})

/** What the closing gate measures by. */
export const closing = z.strictObject({
  coolDown: duration.default(180_000),
  coolDownHot: duration.default(900_000),
  betweenCloses: duration.default(10_000),
  perHour: z.int().min(1, 'must be at least 1').default(6),
  perDay: z.int().min(1, 'must be at least 1').default(20),
  fresh: duration.default(10_000),
  voltageWithin: z
    .number()
    .min(1, 'must be at least 1, in per cent')
    .max(50, 'must be at most 50, in per cent')
    .default(15),
  voltageStable: duration.default(60_000),
  inrush: duration.default(3000),
  reclaim: duration.default(180_000),
})
