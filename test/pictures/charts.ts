import type { Locale } from '../../src/domain/card-text.ts'
import type { BarSeries, Chart, LineChart } from '../../src/domain/chart.ts'
import { message } from '../../src/domain/message.ts'

export const ZONE = 'Asia/Shanghai'
/** 2026-11-28 14:20 in that zone. */
const AT = Date.UTC(2026, 10, 28, 6, 20)
const MINUTE = 60_000

const two = (value: number) => String(value).padStart(2, '0')
const count = <T>(length: number, each: (index: number) => T): T[] =>
  Array.from({ length }, (_, at) => each(at))
const HOURS = count(24, two)
const title = (breaker: string) => message('energy.title', { breaker })
const series = (values: (number | null)[], more: Partial<BarSeries> = {}): BarSeries => ({
  name: message('energy.today'),
  values,
  ...more,
})
const bars = (labels: string[], ...all: BarSeries[]): Chart => ({
  kind: 'bars',
  title: title('3号增氧机'),
  unit: 'kWh',
  labels,
  series: all,
})
const wave = (hour: number) => 2 + 1.9 * Math.sin(hour / 3)

function trip(more: Partial<LineChart> = {}): LineChart {
  const points = count(57, (index) => ({ at: AT + index * 10_000, value: index > 45 ? 60 + index / 5 : 38 }))
  return {
    kind: 'line',
    title: title('3号增氧机'),
    unit: 'A',
    from: AT,
    to: AT + 10 * MINUTE,
    gap: MINUTE,
    lines: [{ name: message('row.current'), points: points.filter((_, at) => at < 20 || at > 30) }],
    band: {
      name: message('energy.month'),
      points: count(61, (index) => ({ at: AT + index * 10_000, low: 34, high: 42 })),
    },
    limit: { name: message('row.current'), value: 60 },
    mark: { name: message('opened.trip'), at: AT + 9.5 * MINUTE },
    ...more,
  }
}

const LONG = '这是一个名字特别长的增氧机二号塘东北角备用回路'

/** Charts of all kinds, the common and the odd, each in a language. */
export const CHARTS: Record<string, { chart: Chart; locale: Locale }> = {
  hours: {
    locale: 'zh-CN',
    chart: bars(
      HOURS,
      series(
        HOURS.map((_, hour) => (hour > 19 ? null : wave(hour))),
        { isEstimated: HOURS.map((_, hour) => hour === 7 || hour === 8) },
      ),
      series(
        HOURS.map((_, hour) => wave(hour) * 0.8 + 0.3),
        { name: message('energy.yesterday'), isComparison: true },
      ),
    ),
  },
  days: {
    locale: 'en',
    chart: bars(
      count(31, (day) => `10-${two(day + 1)}`),
      series(count(31, (day) => 40 + ((day * 17) % 23))),
    ),
  },
  months: {
    locale: 'en',
    chart: bars(
      count(12, (month) => `2026-${two(month + 1)}`),
      series(count(12, (m) => 900 + m * 31)),
    ),
  },
  one: { locale: 'zh-CN', chart: bars(['11-28'], series([41.2])) },
  unknown: { locale: 'zh-CN', chart: bars(HOURS, series(HOURS.map(() => null))) },
  zero: { locale: 'zh-CN', chart: bars(HOURS, series(HOURS.map(() => 0))) },
  huge: { locale: 'en', chart: bars(HOURS, series(HOURS.map((_, hour) => hour * 123_456_789))) },
  export: { locale: 'en', chart: bars(HOURS, series(HOURS.map((_, hour) => 3 - wave(hour) * 1.5))) },
  long: {
    locale: 'zh-CN',
    chart: {
      ...bars(HOURS, series(HOURS.map((_, hour) => wave(hour)))),
      title: title(`${LONG}（${LONG}）${LONG}`),
    },
  },
  rank: {
    locale: 'zh-CN',
    chart: {
      kind: 'rank',
      title: title('一号鱼塘'),
      unit: 'kWh',
      bars: count(18, (place) => ({
        name: place === 3 ? LONG : `${place + 1}号增氧机`,
        value: 130 / (place + 1),
        ...(place === 1 && { isNotable: true }),
      })),
    },
  },
  few: {
    locale: 'en',
    chart: {
      kind: 'rank',
      title: title('Pond 1'),
      unit: 'kWh',
      bars: [
        { name: 'Aerator 3', value: 12.34 },
        { name: 'Feeder', value: 0.5 },
        { name: 'Spare', value: 0 },
      ],
    },
  },
  line: { locale: 'en', chart: trip() },
  trip: { locale: 'zh-CN', chart: trip({ size: 'small' }) },
}
