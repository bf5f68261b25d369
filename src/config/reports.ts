import { CHANNELS } from '../domain/people.ts'
import type { ReportRule } from '../domain/report-schedule.ts'
import { isMailAddress } from '../domain/way.ts'
import type { Finding } from './faults.ts'
import type { Config } from './schema.ts'
import { WEEKDAYS } from './values.ts'
import { minutesOf } from './windows.ts'

/** The reports in the form that the schedule goes by. */
export function toReports({ reports }: Config): ReportRule[] {
  return reports.map(({ room, every, at, on, mail = [] }) => ({
    room,
    every,
    at: minutesOf(at),
    on: typeof on === 'string' ? WEEKDAYS.indexOf(on) : (on ?? (every === 'month' ? 1 : 0)),
    mail,
  }))
}

/** Reports for rooms that are not there, the same twice, and mails that reach nobody. */
export function findReportFaults(config: Config): Finding[] {
  const { reports, rooms } = config
  const names = rooms.map((one) => one.name)
  return reports.flatMap(({ room, every, mail = [] }, index): Finding[] => {
    const path = ['reports', index]
    const first = reports.findIndex((one) => one.room === room && one.every === every)
    const noRoom = `there is no room «${room}»; rooms are: ${names.join(', ')}`
    const again = `is the second report of every ${every} for «${room}»: reports[${first}] is the first; a room has one of each`
    return [
      ...(names.includes(room) ? [] : [{ path: [...path, 'room'], problem: noRoom }]),
      ...(first < index ? [{ path: [...path, 'every'], problem: again }] : []),
      ...mail.flatMap((to, at) => {
        const problem = mailProblem(config, to)
        return problem === undefined ? [] : [{ path: [...path, 'mail', at], problem }]
      }),
    ]
  })
}

function mailProblem({ notify, people }: Config, to: string): string | undefined {
  if (!notify?.mail) return 'wants a mail, but notify.mail is not configured: enter smtp and from there'
  if (to.includes('@')) return isMailAddress(to) ? undefined : `«${to}» is no mail address`
  const person = people.find((one) => one.name === to)
  if (!person) return `«${to}» is no mail address, and not under people`
  return person.mail === undefined ? `«${to}» has no mail under people` : undefined
}

/** Reports that reach nobody, or have nothing to tell of. */
export function findReportWarnings({ reports, rooms, breakers }: Config): Finding[] {
  return reports.flatMap(({ room, mail }, index): Finding[] => {
    const chats = rooms.find((one) => one.name === room)
    const isHeard = mail !== undefined || CHANNELS.some((channel) => chats?.[channel] !== undefined)
    const path = ['reports', index]
    return [
      ...(isHeard
        ? []
        : [{ path, problem: `reaches nobody until «${room}» has a chat, or the report a mail` }]),
      ...(breakers.some((one) => one.room === room)
        ? []
        : [{ path, problem: `has nothing to tell: no breaker has the room «${room}»` }]),
    ]
  })
}
