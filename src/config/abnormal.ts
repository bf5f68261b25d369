import { z } from 'zod'
import { DRAW_KINDS, type DrawKind, USUAL_DRAW_RULES } from '../domain/abnormal/rules.ts'
import { severity } from './severity.ts'
import { durationBetween } from './values.ts'

const percent = (least: number, most: number) =>
  z
    .number({ error: 'must be a number of per cent' })
    .min(least, `must be ${least} to ${most} %`)
    .max(most, `must be ${least} to ${most} %`)

const usual = USUAL_DRAW_RULES

/** How grave a kind is, or false: it is not looked for. */
const kinds = Object.fromEntries(
  DRAW_KINDS.map((kind) => [
    kind,
    z
      .union([severity, z.literal(false)], { error: 'must be info, warning, critical or false' })
      .default(usual.kinds[kind] ?? false),
  ]),
) as Record<DrawKind, z.ZodDefault<z.ZodUnion<[typeof severity, z.ZodLiteral<false>]>>>

/** What of a draw is called abnormal. */
export const abnormal = z.strictObject({
  /** False: nothing is looked for. */
  enabled: z.boolean().default(true),
  ...kinds,
  /** W. */
  nothing: z
    .number({ error: 'must be a number, in W' })
    .min(1, 'must be at least 1 W')
    .default(usual.nothing),
  spreads: z.number().min(1, 'must be 1 to 20').max(20, 'must be 1 to 20').default(usual.spreads),
  share: percent(5, 500).default(usual.share * 100),
  sustained: durationBetween('1h', '24h').default(usual.sustained),
  stoppedFor: durationBetween('3m', '2h').default(usual.stoppedFor),
  rise: percent(5, 200).default(usual.rise * 100),
  voltageWithin: percent(1, 50).default(usual.voltageWithin * 100),
  nearRatingFrom: percent(50, 150).default(usual.nearRating * 100),
  outFor: durationBetween('3m', '2h').default(usual.outFor),
})

/** Of one breaker: false, nothing is looked for; or false for single kinds. */
export const unwatched = z.union(
  [
    z.literal(false),
    z.strictObject(
      Object.fromEntries(DRAW_KINDS.map((kind) => [kind, z.literal(false).optional()])) as Record<
        DrawKind,
        z.ZodOptional<z.ZodLiteral<false>>
      >,
    ),
  ],
  {
    error: `must be false, or name what is not to be looked for, such as { stopped: false }; kinds are ${DRAW_KINDS.join(', ')}`,
  },
)
