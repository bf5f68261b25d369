import { expect, test } from 'vitest'
import { toPolicy } from '../../src/config/to-policy.ts'
import { faultsOf, read, warningsOf } from './support.ts'

const configWith = (reports: string, more = '') =>
  `thingboot: { appId: a, appSecret: secret, pushToken: push-token }
channels: { telegram: { token: "1:t" } }
rooms: [{ name: night, telegram: -100 }, { name: day }]
reports: ${reports}
breakers: [{ id: "1", name: pump, site: pond, room: night, ratedCurrent: 60 }]
${more}`
const WITH_MAIL = `notify: { mail: { smtp: "smtp://mail.example.com", from: bot@example.com } }
people: [{ name: 场长, role: admin, mail: chief@example.com }, { name: 电工甲, role: viewer }]`

test('a report has a room, a period and a time; on Mondays and on the first where nothing is said', () => {
  const reports = `
  - { room: night, every: day, at: "07:30" }
  - { room: night, every: week, at: "08:00" }
  - { room: night, every: month, at: "00:05", on: 28, mail: [场长, other@example.com] }
  - { room: day, every: week, at: "23:59", on: Sun }`
  expect(toPolicy(read(configWith(reports, WITH_MAIL))).reports).toEqual([
    { room: 'night', every: 'day', at: 450, on: 0, mail: [] },
    { room: 'night', every: 'week', at: 480, on: 0, mail: [] },
    { room: 'night', every: 'month', at: 5, on: 28, mail: ['场长', 'other@example.com'] },
    { room: 'day', every: 'week', at: 1439, on: 6, mail: [] },
  ])
  expect(toPolicy(read(configWith('[]'))).reports).toEqual([])
})

const ON = 'must be a weekday such as Mon, or a day of the month'
test.each([
  ['{ room: nigt, every: day, at: "07:30" }', '[0].room there is no room «nigt»; rooms are: night, day'],
  ['{ room: night, every: year, at: "07:30" }', '[0].every must be day or week or month'],
  ['{ room: night, every: day, at: "7:30" }', '[0].at must be a time of day such as "22:00"'],
  ['{ room: night, every: day }', '[0].at is missing: text'],
  [
    '{ room: night, every: day, at: "07:30", on: Mon }',
    '[0].on is for weekly and monthly reports: leave it out',
  ],
  ['{ room: night, every: week, at: "07:30", on: Monday }', `[0].on ${ON}`],
  [
    '{ room: night, every: week, at: "07:30", on: 1 }',
    '[0].on of a weekly report must be a weekday: Mon, Tue, Wed, Thu, Fri, Sat or Sun',
  ],
  [
    '{ room: night, every: month, at: "07:30", on: 29 }',
    '[0].on of a monthly report must be a day from 1 to 28: each month has those',
  ],
  [
    '{ room: night, every: day, at: "07:30" }, { room: night, every: day, at: "08:30" }',
    '[1].every is the second report of every day for «night»: reports[0] is the first; a room has one of each',
  ],
  [
    '{ room: night, every: day, at: "07:30", mail: [a@example.com] }',
    '[0].mail[0] wants a mail, but notify.mail is not configured: enter smtp and from there',
  ],
])('%s is told with its place', (reports, fault) => {
  expect(faultsOf(configWith(`[${reports}]`))).toEqual([`f:4 reports${fault}`])
})

test.each([
  ['nobody', '«nobody» is no mail address, and not under people'],
  ['电工甲', '«电工甲» has no mail under people'],
  ['"@example"', '«@example» is no mail address'],
])('a mail to %s is told with its place', (to, problem) => {
  const reports = `[{ room: night, every: day, at: "07:30", mail: [${to}] }]`
  expect(faultsOf(configWith(reports, WITH_MAIL))).toEqual([`f:4 reports[0].mail[0] ${problem}`])
})

test('warns of what reaches nobody and of what has nothing to tell', () => {
  expect(warningsOf(configWith('[{ room: day, every: day, at: "07:30" }]'))).toEqual(
    expect.arrayContaining([
      'f:4 reports[0] reaches nobody until «day» has a chat, or the report a mail',
      'f:4 reports[0] has nothing to tell: no breaker has the room «day»',
    ]),
  )
})
