import { clip, utf16Units } from './characters.ts'
import { type Message, message } from './message.ts'

/** Characters of a name: a report has many. */
const NAME = 20

/** «2 小时 15 分钟». */
export function hoursOf(ms: number): Message {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours === 0) return message('duration.minutes', { minutes })
  return rest === 0
    ? message('duration.hours', { hours })
    : message('report.hours-minutes', { hours, minutes: rest })
}

export const more = (count: number): Message[] => (count > 0 ? [message('status.more', { count })] : [])
export const short = (name: string): string => clip(name, NAME, utf16Units)
