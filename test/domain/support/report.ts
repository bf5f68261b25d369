import { message, span } from '../../../src/domain/message.ts'
import type { BreakerConfig } from '../../../src/domain/policy.ts'
import type { BreakerUse, ReportFacts } from '../../../src/domain/report-facts.ts'

const at = (iso: string) => Date.parse(iso)

export const use = (id: string, name: string, more: Partial<BreakerUse> = {}): BreakerUse => ({
  id,
  name,
  site: '一号鱼塘',
  missing: 0,
  ...(more.kwh !== undefined && { by: 'counter' }),
  ...more,
})

/** Of a day on which nothing was out of the ordinary. */
export const CALM: ReportFacts = {
  room: 'night',
  every: 'day',
  period: 20_783,
  days: { first: '2026-11-26', last: '2026-11-26' },
  ago: 1,
  usual: 30.12,
  breakers: [
    use('1', '投饵机', { kwh: 6.05, usual: 6.02, cost: { amount: 3.39, currency: 'CNY' } }),
    use('2', '3号增氧机', { kwh: 24.2, usual: 24.1, cost: { amount: 13.55, currency: 'CNY' } }),
  ],
  peak: { watts: 2350, from: at('2026-11-26T18:00:00+08:00'), to: at('2026-11-26T19:00:00+08:00') },
  bars: Array.from({ length: 24 }, (_, hour) => ({
    label: String(hour).padStart(2, '0'),
    kwh: 1 + hour / 24,
    usual: 1,
  })),
  abnormal: [],
  trips: [],
  away: [],
}

/** Of a day on which all went wrong, told late. */
export const BUSY: ReportFacts = {
  ...CALM,
  late: at('2026-11-27T07:30:00+08:00'),
  missed: { count: 3, first: '2026-11-23', last: '2026-11-25' },
  usual: 25,
  breakers: [
    ...CALM.breakers,
    use('3', '2号水泵', { kwh: 1.2, usual: 3.6, by: 'power', missing: 8_100_000 }),
    use('4', '塘头排涝泵站一号变频控制柜总开关', { kwh: 40, usual: 20, isEstimated: true }),
    use('5', '库房', { kwh: 0 }),
    use('6', '5号泵'),
    use('7', '6号泵'),
  ],
  abnormal: [
    {
      breaker: '2',
      what: message('draw.title-more', { breaker: '3号增氧机' }),
      reason: message('report.draw', {
        when: span(at('2026-11-26T08:15:00+08:00'), at('2026-11-26T11:40:00+08:00'), 'date-time'),
        times: 2,
        evidence: message('draw.evidence-unusual', {
          ...{ value: '2.4 kW', low: '850 W', high: '1.2 kW', middle: '1 kW', hours: 8 },
        }),
      }),
    },
    {
      breaker: '3',
      what: '2号水泵',
      reason: message('report.unusual-less', { kwh: '1.20 kWh', percent: 67, usual: '3.60 kWh' }),
    },
    {
      breaker: '4',
      what: '塘头排涝泵站一号变频控制柜总开关',
      reason: message('report.unusual-more', { kwh: '40.00 kWh', percent: 100, usual: '20.00 kWh' }),
    },
  ],
  trips: [
    { title: '投饵机', cause: message('cause.short-circuit'), count: 1 },
    { title: '3号增氧机', cause: message('cause.overload'), count: 4 },
  ],
  away: [
    { what: '5号泵', lasted: 86_400_000, times: 1 },
    { what: '一号鱼塘', lasted: 8_100_000, times: 3 },
  ],
}

/** Of a month with more breakers than a message can name. */
export const MANY: ReportFacts = {
  ...CALM,
  every: 'month',
  period: 682,
  days: { first: '2026-11-01', last: '2026-11-30' },
  usual: 1000,
  breakers: Array.from({ length: 1000 }, (_, index) =>
    use(String(index), `${index}号增氧机配电箱总开关甲乙丙丁`, { kwh: index, usual: index }),
  ),
  trips: Array.from({ length: 40 }, (_, index) => ({
    title: `${index}号增氧机`,
    cause: message('cause.overload'),
    count: index + 1,
  })),
}

/** One of one circuit, and one of two. */
export const BREAKERS: BreakerConfig[] = [
  ...[{ id: '1', name: 'pump', circuits: { power: '' } }],
  ...[{ id: '2', name: 'box', circuits: { power1: 'left', power2: 'right' } }],
].map((one) => ({ ...one, site: 'pond', room: 'night', groups: [], remoteClose: true }))
