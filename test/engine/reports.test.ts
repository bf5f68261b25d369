import { expect, test } from 'vitest'
import type { Notice, Way } from '../../src/channels/way.ts'
import type { Policy } from '../../src/domain/policy.ts'
import type { ReportRule } from '../../src/domain/report-schedule.ts'
import type { Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'
import { newFolder, type Rig, type RigOptions, startRig, testPolicy, texts, untilSays } from './rig.ts'

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
const at = (iso: string) => Date.parse(iso) - Date.now()
const daily: ReportRule = { room: 'night', every: 'day', at: 7 * 60 + 30, on: 0, mail: [] }
const policyWith = (reports: ReportRule[], more: Partial<Policy> = {}) => testPolicy({ reports, ...more })

const begin = (iso: string, options: RigOptions = {}) =>
  startRig({ policy: policyWith([daily]), ahead: at(iso), watchEvery: 20, ...options })

/** Until the schedule has seen to a period, named by its first day. */
const seenTo = ({ store }: Rig, day: string, name = 'day/night') =>
  until(async () => {
    const known = await store.get<{ made: number }>(`report-schedule/${name}`)
    return known?.value.made === Date.parse(day) / DAY
  }, `${name} to be seen to until ${day}`)
const reports = (rig: Rig) => texts(rig.telegram).filter((text) => text.includes('日报'))
/** Nothing waits any more, and the schedule was looked at again since. */
async function settled(rig: Rig) {
  await until(async () => {
    const counts = await rig.store.counts()
    return Object.values(counts).every(({ waiting }) => waiting === 0)
  }, 'all jobs to be done')
  await rig.trip()
  await untilSays(rig.telegram, '过载')
}

test('comes at its time by the clock of the room, to all its chats, once, and not for the past', async () => {
  const rig = await begin('2026-11-26T07:29:00+08:00')
  await seenTo(rig, '2026-11-24')
  expect(reports(rig)).toEqual([])
  rig.clock.ahead += MINUTE
  await seenTo(rig, '2026-11-25')
  for (const channel of [rig.telegram, rig.dingtalk, rig.wecom]) await untilSays(channel, '日报 2026-11-25')
  rig.clock.ahead += 10 * HOUR
  await settled(rig)
  expect(reports(rig)).toHaveLength(1)
  expect(reports(rig)[0]).not.toContain('迟到')
  rig.clock.ahead += 14 * HOUR
  await untilSays(rig.telegram, '日报 2026-11-26')
})

test('a restart neither loses nor doubles one', async () => {
  const folder = newFolder()
  const first = await begin('2026-11-26T07:29:00+08:00', { folder })
  await seenTo(first, '2026-11-24')
  await first.stop()
  const second = await begin('2026-11-26T07:31:00+08:00', { folder })
  await untilSays(second.telegram, '日报 2026-11-25')
  await settled(second)
  await second.stop()
  const third = await begin('2026-11-26T07:32:00+08:00', { folder })
  await settled(third)
  expect(reports(third)).toEqual([])
})

test('one that was missed is sent late and says so; of several the last, and the others are named', async () => {
  const folder = newFolder()
  const first = await begin('2026-11-22T12:00:00+08:00', { folder })
  await seenTo(first, '2026-11-21')
  await first.stop()
  const second = await begin('2026-11-26T09:15:00+08:00', { folder })
  const text = await untilSays(second.telegram, '日报 2026-11-25')
  expect(text).toContain('迟到：原定 2026-11-26 07:30:00')
  expect(text).toContain('之前有 3 份没有发出（2026-11-22 至 2026-11-24）；要看请发“日报 2026-11-24”')
  await settled(second)
  expect(reports(second)).toHaveLength(1)
})

test('a crash between the commit and the report loses nothing, and the report is made anew once', async () => {
  const folder = newFolder()
  let isCut = true
  // The process dies right after the report's job is on disk: its worker never begins.
  const storeSeen = (store: Store): Partial<Store> => ({
    work: (queue, options, handler) =>
      store.work(queue, options, (job) =>
        isCut && queue === 'reports'
          ? Promise.resolve({ retryAt: Date.parse('2026-11-26T08:00:00+08:00'), why: 'cut off' })
          : handler(job),
      ),
  })
  const first = await begin('2026-11-26T07:29:00+08:00', { folder, storeSeen })
  await seenTo(first, '2026-11-24')
  first.clock.ahead += MINUTE
  await seenTo(first, '2026-11-25')
  await first.stop()
  isCut = false
  const second = await begin('2026-11-28T07:20:00+08:00', { folder })
  const text = await untilSays(second.telegram, '日报 2026-11-25')
  expect(text).toContain('迟到：原定 2026-11-26 07:30:00')
  await untilSays(second.telegram, '日报 2026-11-26')
  await settled(second)
  expect(reports(second)).toHaveLength(2)
})

test('a report whose chat fails meanwhile is told later, with the words of the first time', async () => {
  const rig = await begin('2026-11-26T07:29:00+08:00')
  await seenTo(rig, '2026-11-24')
  rig.telegram.fault = () => ({ outcome: 'later', why: 'away', retryAfter: 20 })
  rig.clock.ahead += MINUTE
  await untilSays(rig.dingtalk, '日报 2026-11-25')
  await rig.trip()
  await untilSays(rig.dingtalk, '过载')
  // More than an hour, after which other texts are not told any more.
  rig.clock.ahead += 3 * HOUR
  rig.telegram.fault = () => undefined
  const text = await untilSays(rig.telegram, '日报 2026-11-25')
  expect(text).toBe(texts(rig.dingtalk).find((one) => one.includes('日报')))
})

test('two instances make one', async () => {
  const rig = await begin('2026-11-26T07:29:00+08:00')
  await seenTo(rig, '2026-11-24')
  await begin('2026-11-26T07:29:00+08:00', { beside: rig })
  rig.clock.ahead += MINUTE
  await untilSays(rig.telegram, '日报 2026-11-25')
  rig.clock.ahead += HOUR
  await settled(rig)
  expect(reports(rig)).toHaveLength(1)
})

test('two instances that both think that it is theirs make one', async () => {
  const storeSeen = () => ({ lease: async () => true })
  const rig = await begin('2026-11-26T07:29:00+08:00', { storeSeen })
  await seenTo(rig, '2026-11-24')
  await begin('2026-11-26T07:29:00+08:00', { beside: rig, storeSeen })
  for (const day of ['2026-11-25', '2026-11-26', '2026-11-27']) {
    rig.clock.ahead += day.endsWith('25') ? MINUTE : DAY
    await untilSays(rig.telegram, `日报 ${day}`)
  }
  await settled(rig)
  expect(reports(rig)).toHaveLength(3)
})

test('a clock that is set back and forth doubles none', async () => {
  const rig = await begin('2026-11-26T07:29:00+08:00')
  await seenTo(rig, '2026-11-24')
  rig.clock.ahead += MINUTE
  await untilSays(rig.telegram, '日报 2026-11-25')
  rig.clock.ahead -= 2 * HOUR
  await settled(rig)
  rig.clock.ahead += 3 * HOUR
  await rig.trip('short')
  await untilSays(rig.telegram, '短路')
  expect(reports(rig)).toHaveLength(1)
  rig.clock.ahead += DAY
  await untilSays(rig.telegram, '日报 2026-11-26')
})

test('a configuration that is taken while running brings its reports from their next time on', async () => {
  const rig = await begin('2026-11-26T07:40:00+08:00', { policy: policyWith([]) })
  rig.engine.adopt(policyWith([daily, { ...daily, every: 'week', at: 480 }]))
  await seenTo(rig, '2026-11-25')
  rig.clock.ahead += HOUR
  await settled(rig)
  expect(reports(rig)).toEqual([])
  rig.clock.ahead += DAY - HOUR
  await untilSays(rig.telegram, '日报 2026-11-26')
  // Taken out, and entered again two days later: what lies between is not told of.
  rig.engine.adopt(policyWith([]))
  await until(async () => !(await rig.store.get('report-schedule/day/night')), 'its record to go')
  rig.clock.ahead += 2 * DAY
  rig.engine.adopt(policyWith([daily]))
  await seenTo(rig, '2026-11-28')
  rig.clock.ahead += DAY
  await untilSays(rig.telegram, '日报 2026-11-29')
  expect(reports(rig)).toHaveLength(2)
  expect(texts(rig.telegram).filter((text) => text.includes('周报'))).toEqual([])
})

test('a report that was taken out before its turn is not made', async () => {
  const rig = await begin('2026-11-26T07:29:00+08:00', {
    storeSeen: (store) => ({
      work: (queue, options, handler) =>
        store.work(queue, options, async (job) => {
          if (queue === 'reports') rig.engine.adopt(policyWith([]))
          return handler(job)
        }),
    }),
  })
  await seenTo(rig, '2026-11-24')
  rig.clock.ahead += MINUTE
  await until(async () => !(await rig.store.get('report-schedule/day/night')), 'its record to go')
  await settled(rig)
  expect(reports(rig)).toEqual([])
})

test('quiet hours and maintenance hold no report back', async () => {
  const always = { from: 0, to: 0 }
  const windows = (['quiet', 'maintenance'] as const).map((kind) => ({
    ...{ id: kind, kind, scope: { room: 'night' }, when: always },
  }))
  const rig = await begin('2026-11-26T07:29:00+08:00', { policy: policyWith([daily], { windows }) })
  await seenTo(rig, '2026-11-24')
  rig.clock.ahead += MINUTE
  await untilSays(rig.telegram, '日报 2026-11-25')
})

test('weekly and monthly reports come on their days, for the week and the month before', async () => {
  const policy = policyWith([
    { ...daily, every: 'week', at: 480 },
    { ...daily, every: 'month', at: 480, on: 2 },
  ])
  const rig = await begin('2026-11-29T23:59:00+08:00', { policy })
  await until(() => rig.store.get('report-schedule/month/night'), 'the schedule')
  rig.clock.ahead += 8 * HOUR + MINUTE
  await untilSays(rig.telegram, '周报 2026-11-23 – 2026-11-29')
  rig.clock.ahead += 2 * DAY
  await untilSays(rig.telegram, '月报 2026-11')
  expect(texts(rig.telegram)).toHaveLength(2)
})

function mailWay() {
  const sent: { to: string; notice: Notice; key: string }[] = []
  const way: Pick<Way, 'send'> & { fault?: 'later' | 'refused' } = {
    async send(to, notice, key) {
      if (way.fault) return { outcome: way.fault, why: 'mailbox full' }
      sent.push({ to, notice, key })
      return { outcome: 'delivered' }
    },
  }
  return { sent, way, ways: new Map([['mail' as const, way]]) }
}
const MAILED = policyWith([{ ...daily, mail: ['甲', 'other@example.com'] }])
const WITH_MAIL: Policy = {
  ...MAILED,
  people: MAILED.people.map((one) => (one.name === '甲' ? { ...one, mail: 'first@example.com' } : one)),
}

test('is mailed to addresses and to people, with the figures as a file', async () => {
  const { sent, ways } = mailWay()
  const rig = await begin('2026-11-26T07:29:00+08:00', { policy: WITH_MAIL, ways })
  await seenTo(rig, '2026-11-24')
  rig.clock.ahead += MINUTE
  await until(() => sent.length === 2, 'both mails')
  expect(sent.map(({ to }) => to).sort()).toEqual(['first@example.com', 'other@example.com'])
  const [{ notice }] = sent as [(typeof sent)[0]]
  expect(notice).toMatchObject({ event: 'report', locale: 'zh-CN', title: 'night 日报 2026-11-25' })
  expect(notice.text).toContain('没有跳闸')
  expect(notice.files).toMatchObject([{ name: 'day-2026-11-25.csv', type: 'text/csv; charset=utf-8' }])
  expect(notice.files![0]!.content).toMatch(/^\ufeff开始,结束,断路器,ID,/)
})

test('a mail that cannot go is tried again and goes once; one that is refused is told in the room', async () => {
  const { sent, way, ways } = mailWay()
  const rig = await begin('2026-11-26T07:29:00+08:00', { policy: WITH_MAIL, ways })
  await seenTo(rig, '2026-11-24')
  way.fault = 'later'
  rig.clock.ahead += MINUTE
  await untilSays(rig.telegram, '日报 2026-11-25')
  await until(async () => (await rig.store.counts()).posts?.waiting === 2, 'both mails to wait')
  delete way.fault
  rig.clock.ahead += MINUTE
  await until(() => sent.length === 2, 'both mails')
  way.fault = 'refused'
  rig.clock.ahead += DAY
  await untilSays(rig.telegram, '没有送达：mailbox full（night 日报 2026-11-26）')
  expect(sent).toHaveLength(2)
})

test('can be asked for in the group, for any period', async () => {
  const rig = await begin('2026-11-26T12:00:00+08:00', { policy: policyWith([]) })
  const asked: [string, string][] = [
    ['日报', '日报 2026-11-25'],
    ['日报 今天', '尚未结束，统计到'],
    ['日报 11-20', '日报 2026-11-20'],
    ['周报 本周', '周报 2026-11-23 – 2026-11-29'],
    ['report month 2026-09', '月报 2026-09'],
    ['日报 2027-01-01', '不明白“2027-01-01”是哪一段时间'],
  ]
  for (const [line, says] of asked) {
    await rig.say(rig.telegram, '1', line).taken
    await untilSays(rig.telegram, says)
  }
})

test('talk that begins with the word stays without an answer', async () => {
  const rig = await begin('2026-11-26T12:00:00+08:00', { policy: policyWith([]) })
  const talk = {
    kind: 'text',
    id: 'talk',
    chat: '-100',
    group: true,
    addressed: false,
    sender: { id: '1' },
  } as const
  await rig.telegram.receive({ ...talk, text: 'report the fault to the chief', at: rig.now() }).taken
  await rig.telegram.receive({ ...talk, id: 'meant', text: 'report yesterday', at: rig.now() }).taken
  await untilSays(rig.telegram, '日报 2026-11-25')
  expect(texts(rig.telegram)).toHaveLength(1)
})
