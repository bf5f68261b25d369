import { describe, expect, test } from 'vitest'
import { type EnergyAsked, periodOf, readEnergy } from '../../src/domain/energy-asked.ts'

const NAMES = ['3号增氧机', 'pump-2', '一号鱼塘', '线路 11-20', '11月']
const read = (text: string): EnergyAsked => readEnergy(text, (name) => NAMES.includes(name))
const NOW = Date.parse('2026-11-28T06:30:00Z')
const ZONE = 'Asia/Shanghai'
const spanOf = (text: string, now = NOW) => {
  const { period } = read(text)
  if (!period) return undefined
  const { unit, from, to } = periodOf(period, now, ZONE)
  const [first, last] = [from, to].map((at) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10))
  return `${unit} ${first} ${last}`
}

describe('what is asked for', () => {
  test.each<[string, EnergyAsked]>([
    ['', { name: '', isRanking: false }],
    ['3号增氧机', { name: '3号增氧机', isRanking: false }],
    ['一号鱼塘 昨天', { name: '一号鱼塘', isRanking: false, period: { unit: 'day', shift: -1 } }],
    ['3号增氧机昨天', { name: '3号增氧机', isRanking: false, period: { unit: 'day', shift: -1 } }],
    ['昨天3号增氧机', { name: '3号增氧机', isRanking: false, period: { unit: 'day', shift: -1 } }],
    ['３号增氧机　上个月', { name: '3号增氧机', isRanking: false, period: { unit: 'month', shift: -1 } }],
    ['pump-2 this week', { name: 'pump-2', isRanking: false, period: { unit: 'week', shift: 0 } }],
    ['Last Month pump-2', { name: 'pump-2', isRanking: false, period: { unit: 'month', shift: -1 } }],
    ['排名', { name: '', isRanking: true }],
    ['一号鱼塘 排名 上周', { name: '一号鱼塘', isRanking: true, period: { unit: 'week', shift: -1 } }],
    ['今年排名', { name: '', isRanking: true, period: { unit: 'year', shift: 0 } }],
    ['rank yesterday', { name: '', isRanking: true, period: { unit: 'day', shift: -1 } }],
    ['泵 11-20', { name: '泵', isRanking: false, period: { text: '11-20', month: 11, day: 20 } }],
    ['泵 2026-11', { name: '泵', isRanking: false, period: { text: '2026-11', year: 2026, month: 11 } }],
    ['泵11月20日', { name: '泵', isRanking: false, period: { text: '11月20日', month: 11, day: 20 } }],
    ['2025年', { name: '', isRanking: false, period: { text: '2025年', year: 2025 } }],
    // Names first: what is a whole name is no date, and no date stands glued to a name in digits.
    ['线路 11-20', { name: '线路 11-20', isRanking: false }],
    ['11月', { name: '11月', isRanking: false }],
    ['线路1-2', { name: '线路1-2', isRanking: false }],
    ['pump-2 yesterdays', { name: 'pump-2 yesterdays', isRanking: false }],
    ['泵 02-30', { name: '泵 02-30', isRanking: false }],
    ['泵 13-01', { name: '泵 13-01', isRanking: false }],
    ['泵 2026-00', { name: '泵 2026-00', isRanking: false }],
  ])('%s', (text, asked) => expect(read(text)).toEqual(asked))
})

describe('which period', () => {
  test.each([
    ['今天', 'day 2026-11-28 2026-11-29'],
    ['前天', 'day 2026-11-26 2026-11-27'],
    ['this week', 'week 2026-11-23 2026-11-30'],
    ['上周', 'week 2026-11-16 2026-11-23'],
    ['上月', 'month 2026-10-01 2026-11-01'],
    ['去年', 'year 2025-01-01 2026-01-01'],
    ['11-20', 'day 2026-11-20 2026-11-21'],
    ['12-05', 'day 2025-12-05 2025-12-06'],
    ['02-29', 'day 2026-03-01 2026-03-02'],
    ['2024-02-29', 'day 2024-02-29 2024-03-01'],
    ['12月', 'month 2025-12-01 2026-01-01'],
    ['2026-11', 'month 2026-11-01 2026-12-01'],
  ])('%s', (text, span) => expect(spanOf(text)).toBe(span))
})
