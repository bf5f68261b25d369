import { z } from 'zod'
import { filled, shown, WEEKDAYS } from './values.ts'

export const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/
const LOCAL = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/

export const clock = shown(z.string().regex(CLOCK, 'must be a time of day such as "22:00"'), {
  form: 'time of day',
})

/** Minutes after midnight. */
export function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}

const clockOrDate = shown(
  z.string().refine((text) => CLOCK.test(text) || (LOCAL.test(text) && shownAt(text) !== undefined), {
    error: 'must be a time of day such as "22:00", or a local date and time such as 2026-12-01T08:00',
  }),
  { form: 'time of day, or date and time' },
)
const days = z.array(z.enum(WEEKDAYS)).min(1, 'needs at least one day').optional()
const scope = { room: filled.optional(), site: filled.optional(), breaker: filled.optional() }

export type Scoped = { room?: string | undefined; site?: string | undefined; breaker?: string | undefined }
const hasOneScope = ({ room, site, breaker }: Scoped) =>
  [room, site, breaker].filter((one) => one !== undefined).length === 1
const ONE_SCOPE = 'needs one of room, site and breaker'

/** Hours in which only critical incidents are told of at once. */
export const quiet = z.strictObject({ ...scope, from: clock, to: clock, days }).refine(hasOneScope, ONE_SCOPE)

/** Times in which somebody works there: each week, or once. */
export const maintenance = z
  .strictObject({ ...scope, from: clockOrDate, to: clockOrDate, days, reason: filled.optional() })
  .refine(hasOneScope, ONE_SCOPE)
  .refine(({ from, to }) => CLOCK.test(from) === CLOCK.test(to), {
    path: ['to'],
    error: 'must be written like from: both as times of day, or both with their dates',
  })
  .refine(({ from, to }) => CLOCK.test(from) || from < to, { path: ['to'], error: 'must be later than from' })
  .refine(({ from, days }) => CLOCK.test(from) || !days, {
    path: ['days'],
    error: 'are for times of day: a date says its day itself',
  })

/** As if it were UTC; undefined for a day that no month has. */
export function shownAt(text: string): number | undefined {
  const at = Date.parse(`${text}:00Z`)
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 16) !== text ? undefined : at
}
