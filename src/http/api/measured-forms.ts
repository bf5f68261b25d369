import { z } from 'zod'
import { at, values } from './forms.ts'

export const samples = z.object({ items: z.array(z.object({ at, ...values })) })

const spread = z.object({ min: z.number(), mean: z.number(), max: z.number() }).nullable()

export const load = z.object({
  timezone: z.string(),
  items: z.array(
    z.object({
      from: at,
      to: at,
      samples: z.int(),
      voltage: spread.describe('V; null: not measured'),
      current: spread.describe('A'),
      power: spread.describe('W'),
    }),
  ),
})

export const energy = z.object({
  timezone: z.string(),
  total: z.number().nullable().describe('kWh; null: nothing is known'),
  items: z.array(
    z.object({
      from: at,
      to: at,
      kwh: z.number().nullable().describe('null: nothing is known'),
      by: z.enum(['counter', 'power', 'both']).nullable().describe('how it is known'),
      estimated: z.number().describe('ms of it that are shared out evenly over a pause'),
      missing: z.number().describe('ms of which nothing is known'),
    }),
  ),
})
