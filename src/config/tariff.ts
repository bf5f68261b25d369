import { z } from 'zod'
import { minutesIn } from '../domain/tariff.ts'
import { filled, shown } from './values.ts'

const price = z
  .number({ error: 'must be a number: the price of a kWh' })
  .min(0, 'must not be below 0: the price of a kWh')

const span = shown(
  z
    .string({ error: 'must be times of day such as "08:00-11:00": put it in quotes' })
    .refine((text) => minutesIn(text) !== undefined, 'must be times of day such as "08:00-11:00"'),
  { form: 'span of the day' },
)

const spans = z.array(span).min(1, 'needs at least one time, such as "08:00-11:00"').optional()

/** What a kWh costs: always the same, or by the time of day (峰谷平). */
export const tariff = z
  .strictObject({
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be three capital letters, such as CNY')
      .default('CNY'),
    flat: price,
    peak: price.optional(),
    valley: price.optional(),
    times: z.strictObject({ peak: spans, valley: spans }).optional(),
  })
  .superRefine(({ peak, valley, times }, context) => {
    for (const [rate, of] of Object.entries({ peak, valley })) {
      const when = times?.[rate as 'peak' | 'valley']
      if (of !== undefined && !when)
        context.addIssue({
          code: 'custom',
          path: [rate],
          message: `has no times: say when under times.${rate}, or leave the price out`,
        })
      if (of === undefined && when)
        context.addIssue({
          code: 'custom',
          path: ['times', rate],
          message: `has no price: say ${rate}: 0.00 beside flat`,
        })
    }
    const [first, second] = overlap([...(times?.peak ?? []), ...(times?.valley ?? [])])
    if (first !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['times'],
        message: `«${first}» and «${second}» overlap: each minute has one price`,
      })
  })

export const tariffs = z.record(filled, tariff)

/** Two that have a minute in common. */
function overlap(texts: string[]): [string, string] | [] {
  const minutes = texts.map((text) => {
    const span = minutesIn(text)
    if (!span) return []
    const length = (span.to - span.from + 1440) % 1440 || 1440
    return Array.from({ length }, (_, i) => (span.from + i) % 1440)
  })
  for (const [i, some] of minutes.entries())
    for (const [j, others] of minutes.entries())
      if (j > i && some.some((minute) => others.includes(minute))) return [texts[i]!, texts[j]!]
  return []
}
