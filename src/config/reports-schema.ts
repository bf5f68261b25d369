import { z } from 'zod'
import { filled, WEEKDAYS } from './values.ts'
import { clock } from './windows.ts'

const WEEKLY = 'of a weekly report must be a weekday: Mon, Tue, Wed, Thu, Fri, Sat or Sun'
const MONTHLY = 'of a monthly report must be a day from 1 to 28: each month has those'

/** What a room used, told at a set time. */
export const report = z
  .strictObject({
    room: filled,
    every: z.enum(['day', 'week', 'month']),
    at: clock,
    on: z
      .union([z.enum(WEEKDAYS), z.int()], { error: 'must be a weekday such as Mon, or a day of the month' })
      .optional(),
    mail: z.array(filled).min(1, 'needs at least one address').optional(),
  })
  .refine(({ every, on }) => every !== 'day' || on === undefined, {
    path: ['on'],
    error: 'is for weekly and monthly reports: leave it out',
  })
  .refine(({ every, on }) => every !== 'week' || typeof on !== 'number', { path: ['on'], error: WEEKLY })
  .refine(({ every, on = 1 }) => every !== 'month' || (typeof on === 'number' && on >= 1 && on <= 28), {
    path: ['on'],
    error: MONTHLY,
  })
