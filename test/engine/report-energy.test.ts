import { expect, test } from 'vitest'
import type { Notice, Way } from '../../src/channels/way.ts'
import type { Alarm } from '../../src/domain/alarm.ts'
import { message } from '../../src/domain/message.ts'
import type { BreakerConfig } from '../../src/domain/policy.ts'
import { type Measured, type Summary, summarise } from '../../src/domain/summary.ts'
import type { Store } from '../../src/store/store.ts'
import type { ChartText } from '../../src/text/chart-text.ts'
import { until } from '../support/until.ts'
import { breaker, type Rig, startRig, testPolicy, untilSays } from './rig.ts'

const [HOUR, DAY] = [3_600_000, 86_400_000]
const at = (iso: string) => Date.parse(iso)
/** Local noon of the day after the one that most tests are about. */
const NOW = '2026-11-27T12:00:00+08:00'
const DAY_BEFORE = at('2026-11-26T00:00:00+08:00')
const isOn = (time: number, from: number) => time >= from && time < from + DAY

/** W of a breaker at a time; undefined: it said nothing. */
type Draw = (device: string, time: number) => number | undefined

/** What a store would say of breakers whose power is known exactly, each with a counter unless `byPower`. */
function summariesOf(draw: Draw, byPower: readonly string[] = []): Store['summaries'] {
  return async (devices, _span, from, to) =>
    devices.map((device) => {
      const found: Summary[] = []
      for (let start = Math.floor(from / HOUR) * HOUR; start < to; start += HOUR) {
        const samples: Measured[] = []
        for (let time = start; time < start + HOUR; time += 300_000) {
          const power = draw(device, time)
          if (power === undefined) continue
          const energy = byPower.includes(device) ? {} : { energy: counted(draw, device, time) }
          samples.push({ at: time, power, ...energy })
        }
        if (samples.length > 0) found.push(summarise(device, start, HOUR, samples))
      }
      return found
    })
}

const sums = new Map<string, number>()
/** What the counter shows, kWh, as if it had begun in spring: the draw changes at midnight only. */
function counted(draw: Draw, device: string, time: number): number {
  const midnight = Math.floor((time - DAY_BEFORE) / DAY) * DAY + DAY_BEFORE
  const key = `${String(draw)}/${device}/${midnight}`
  let before = sums.get(key)
  if (before === undefined) {
    const isFirst = midnight <= at('2026-03-25T00:00:00+08:00')
    const dayBefore = midnight - DAY
    before = isFirst ? 0 : counted(draw, device, dayBefore) + (draw(device, dayBefore) ?? 0) * (DAY / 3.6e9)
    sums.set(key, before)
  }
  return Math.round((before + ((draw(device, midnight) ?? 0) * (time - midnight)) / 3.6e9) * 1e6) / 1e6
}

const begin = (summaries: Store['summaries'], breakers?: BreakerConfig[]): Promise<Rig> =>
  startRig({
    ahead: at(NOW) - Date.now(),
    policy: testPolicy(breakers ? { breakers } : {}),
    storeSeen: () => ({ summaries }),
  })

async function ask(rig: Rig, line: string, says: string): Promise<string> {
  await rig.say(rig.telegram, '1', line).taken
  return untilSays(rig.telegram, says)
}

const PUMP = '820720'
const FEEDER = '820721'

test('tells what each used, against its usual, the abnormal first', async () => {
  const draw: Draw = (device, time) => (device === FEEDER ? 500 : isOn(time, DAY_BEFORE) ? 2000 : 1000)
  const rig = await begin(summariesOf(draw))
  const text = await ask(rig, '日报', '日报 2026-11-26')
  const [words, chart] = text.split('\n\n')
  // In place of the picture, which these chats do not show.
  expect(chart).toMatch(/^night 日报 2026-11-26 \(kWh\)\n用电 00 █+ 06 .*\n平常 00 ▅+ 06 /)
  expect(words?.split('\n')).toEqual([
    '📊 night 日报 2026-11-26',
    '合计 60.00 kWh；比平常多 67%（平常 36.00 kWh）',
    '⚠️ 异常 1 项',
    '· 3号增氧机：用了 48.00 kWh，比平常多 100%（平常 24.00 kWh）',
    '按断路器',
    '1. 3号增氧机：48.00 kWh（80%）；↑100%',
    '2. 投饵机：12.00 kWh（20%）',
    '负载最高 2.50 kW（00:00:00–01:00:00 平均）',
    '没有跳闸',
  ])
})

test('what it costs by the tariff of each, by the time of day', async () => {
  const tariff = {
    name: 'pond',
    currency: 'CNY',
    prices: { peak: 1, flat: 0.5, valley: 0.25 },
    times: [
      { rate: 'peak' as const, from: 8 * 60, to: 12 * 60 },
      { rate: 'valley' as const, from: 0, to: 8 * 60 },
    ],
  }
  const breakers = [{ ...breaker(PUMP, '3号增氧机'), tariff }, breaker(FEEDER, '投饵机')]
  const rig = await begin(
    summariesOf(() => 1000),
    breakers,
  )
  // 8 h at 0.25, 4 at 1 and 12 at 0.5.
  expect(await ask(rig, '日报', '日报 2026-11-26')).toContain('；¥12.00')
})

test('says what is by power, what is not known, and who said nothing', async () => {
  const draw: Draw = (device, time) => {
    if (device === '3') return undefined
    return device === '2' && time >= DAY_BEFORE + 6 * HOUR && time < DAY_BEFORE + 8 * HOUR ? undefined : 1000
  }
  const breakers = ['1', '2', '3'].map((id) => breaker(id, `${id}号泵`))
  const rig = await begin(summariesOf(draw, ['2']), breakers)
  const text = await ask(rig, '日报', '日报 2026-11-26')
  expect(text).toContain('1. 1号泵：24.00 kWh')
  // Two hours and the five minutes before them are missing.
  expect(text).toContain('2. 2号泵：21.92 kWh')
  expect(text).toContain('没有读数 1 台：3号泵')
  expect(text).toContain('1 台没有电表读数，按功率计算；1 台有缺口，最长 2 小时 5 分钟，未计入')
})

test('a week and a month have the sum of their days, and are held against their like', async () => {
  const rig = await begin(summariesOf((device) => (device === PUMP ? 1000 : 0)))
  expect(await ask(rig, '周报', '周报 2026-11-16')).toContain('合计 168.00 kWh；与平常相同（168.00 kWh）')
  expect(await ask(rig, '月报', '月报 2026-10')).toContain('合计 744.00 kWh；与平常相同（744.00 kWh）')
})

test('a period that is not over is counted up to now, and held against nothing', async () => {
  const rig = await begin(summariesOf((_, time) => (time <= at(NOW) ? 1000 : undefined)))
  const text = await ask(rig, '日报 今天', '尚未结束')
  expect(text.split('\n')[2]).toMatch(/^合计 2[34]\.\d\d kWh$/)
  expect(text).not.toContain('异常')
})

test('what tripped, and what was alarmed of, is told; of a breaker with an alarm nothing twice', async () => {
  const rig = await begin(summariesOf((_, time) => (isOn(time, DAY_BEFORE) ? 2000 : 1000)))
  const openedAt = DAY_BEFORE + 9 * HOUR
  const alarm: Alarm = {
    ...{ id: 'a', kind: 'draw', room: 'night', breaker: PUMP, severity: 'warning', status: 'resolved' },
    ...{ openedAt, resolvedAt: openedAt + HOUR, version: 1, notes: [], story: [] },
    title: message('draw.title-standby', { breaker: '3号增氧机' }),
    finding: {
      ...{ kind: 'standby', breaker: PUMP, since: openedAt, side: 'more', value: 2000, unit: 'W' },
      ...{ high: 1000, known: 8 },
    },
  }
  const write = (one: Alarm) => ({
    ...{ key: `alarm/${one.id}`, value: one, version: 0, index: { at: one.openedAt, open: false } },
  })
  const elsewhere = { ...alarm, id: 'b', room: 'day', breaker: FEEDER }
  await rig.store.commit({ writes: [write(alarm), write(elsewhere)] })
  await rig.trip()
  await untilSays(rig.telegram, '过载')
  const today = await ask(rig, '日报 今天', '尚未结束')
  expect(today).toContain('跳闸 1 次：过载 1 次（3号增氧机 ×1）')
  expect(today).not.toContain('异常')
  const before = await ask(rig, '日报', '日报 2026-11-26')
  expect(before).toContain('没有跳闸')
  const findings = before.split('\n').filter((line) => line.startsWith('·'))
  expect(findings[0]).toMatch(/^· 3号增氧机.*2026-11-26 09:00:00–10:00:00/)
  expect(findings.slice(1)).toEqual(['· 投饵机：用了 48.00 kWh，比平常多 100%（平常 24.00 kWh）'])
})

test('brings the picture to the chats that show some, and into the mails', async () => {
  const painted: ChartText[] = []
  const painter = {
    async paint(chart: ChartText) {
      painted.push(chart)
      return { png: new Uint8Array([1, 2, 3]), width: 4, height: 3 }
    },
  }
  const mails: Notice[] = []
  const mail: Pick<Way, 'send'> = {
    async send(_, notice) {
      mails.push(notice)
      return { outcome: 'delivered' }
    },
  }
  const report = {
    ...{ room: 'night', every: 'day' as const },
    at: 12 * 60 + 1,
    on: 0,
    mail: ['a@example.com'],
  }
  const rig = await startRig({
    ...{ ahead: at(NOW) - Date.now(), watchEvery: 20, painter, ways: new Map([['mail', mail]]) },
    policy: testPolicy({ reports: [report] }),
    storeSeen: () => ({ summaries: summariesOf((_, time) => (isOn(time, DAY_BEFORE) ? 2000 : 1000)) }),
    prepare: ({ telegram }) => {
      telegram.abilities.pictures = true
    },
  })
  await until(() => rig.store.get('report-schedule/day/night'), 'the schedule')
  rig.clock.ahead += 60_000
  await untilSays(rig.telegram, '日报 2026-11-26')
  await until(() => mails.length === 1, 'the mail')
  const [shown] = rig.telegram.shown
  expect(shown?.content).toMatchObject({ picture: { png: new Uint8Array([1, 2, 3]) } })
  expect(mails[0]?.files?.map(({ name }) => name)).toEqual(['day-2026-11-26.csv', 'day-2026-11-26.png'])
  const [chart] = painted
  expect(chart).toMatchObject({ kind: 'bars', title: 'night 日报 2026-11-26', unit: 'kWh' })
  const series = chart?.kind === 'bars' ? chart.series : []
  const sums = series.map(({ values }) => values.reduce<number>((sum, one) => sum + (one ?? 0), 0))
  expect(sums.map((sum) => sum.toFixed(3))).toEqual(['96.000', '48.000'])
  expect(series.map(({ isComparison }) => isComparison === true)).toEqual([false, true])
})

test('a thousand breakers are read a few at a time, and other things have their turn in between', async () => {
  const breakers = Array.from({ length: 1000 }, (_, index) => breaker(String(index), `${index}号泵`))
  const summaries = summariesOf(() => 1000)
  let [most, held, turns] = [0, 0, 0]
  let hadTurn = true
  const rig = await begin(async (devices, span, from, to) => {
    // A day with what is read around it; whatever else asks is not meant.
    if (to - from === 3 * DAY) {
      most = Math.max(most, (devices.length * (to - from)) / HOUR)
      if (!hadTurn) held++
      hadTurn = false
      setImmediate(() => {
        hadTurn = true
        turns++
      })
    }
    // One of them is reckoned in full: the others are alike.
    const [one] = await summaries([devices[0]!], span, from, to)
    return devices.map((device) => Array.from(one!, (summary) => ({ ...summary, device })))
  }, breakers)
  const text = await ask(rig, '日报', '日报 2026-11-26')
  expect(text).toContain('合计 24000.00 kWh')
  expect(text).toContain('还有 990 台，共 23760.00 kWh')
  expect({ held, isShort: most <= 5000, hadTurns: turns > 100 }).toEqual({
    held: 0,
    isShort: true,
    hadTurns: true,
  })
})
