import { z } from 'zod'

/**
 * What the reference says of a value where the schema itself does not show it: its `form` (a word that the languages of
 * the reference know, else said as it is), and the bounds of a duration.
 */
interface Shown {
  form?: string
  least?: string
  most?: string
}

/** Says for the reference what a value looks like. */
export const shown = <T extends z.ZodType>(schema: T, how: Shown): T => schema.meta({ ...how })

const UNIT = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

function inMs(text: string): number {
  const [, amount, unit] = DURATION.exec(text)!
  return Number(amount) * UNIT[unit as keyof typeof UNIT]
}

/** `5s`, `10m`, `1h` (also `0s`) as ms. */
export const duration = shown(
  z
    .string({ error: 'must be a duration such as 30s, 10m or 1h' })
    .regex(DURATION, 'must be a duration such as 30s, 10m or 1h')
    .transform(inMs),
  { form: 'duration' },
)

/** One that is no shorter than `least` and no longer than `most`; `what` it is for, in the words of its fault. */
export const durationBetween = (least: string, most: string, what?: string) =>
  shown(
    duration.refine(
      (ms) => ms >= inMs(least) && ms <= inMs(most),
      `must be ${least} to ${most}${what === undefined ? '' : `: ${what}`}`,
    ),
    { least, most },
  )

/** An id of a platform's or the cloud's, kept as it is written. */
export const id = z.string({ error: 'must be an id: put it in quotes' }).min(1, 'must not be empty')

export const filled = z.string().min(1, 'must not be empty')
/** What somebody may do. */
export const role = z.enum(['viewer', 'operator', 'admin'])

/** An address with one of these schemes. */
export const url = (...schemes: string[]) =>
  shown(
    filled.refine((text) => schemes.some((scheme) => text.startsWith(`${scheme}://`)) && URL.canParse(text), {
      error: `must be an address beginning with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    }),
    { form: schemes.map((scheme) => `${scheme}://…`).join(', ') },
  )

/** True for an address of this machine itself. */
export function isThisMachine(address: string): boolean {
  return URL.canParse(address) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname)
}

/** True for a zone that this machine knows. */
export function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** `Mon 08:00` as weekday (0 is Monday), hour and minute. */
export const handover = shown(
  z
    .string()
    .regex(
      /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01]\d|2[0-3]):[0-5]\d$/,
      'must be a weekday and a time such as "Mon 08:00"',
    )
    .transform((text) => {
      const [day = '', hour, minute] = text.split(/[ :]/)
      return {
        weekday: (WEEKDAYS as readonly string[]).indexOf(day),
        hour: Number(hour),
        minute: Number(minute),
      }
    }),
  { form: 'weekday and time' },
)
