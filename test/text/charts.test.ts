import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Chart } from '../../src/domain/chart.ts'
import { figure } from '../../src/domain/figure.ts'
import { message } from '../../src/domain/message.ts'
import { chartText } from '../../src/text/chart-text.ts'
import { textChart } from '../../src/text/text-chart.ts'
import { CHARTS, ZONE } from '../pictures/charts.ts'

const textOf = (name: string) => textChart(CHARTS[name]!.chart, CHARTS[name]!.locale, ZONE)

describe('as text', () => {
  test('bars by hour, with the marks between them', () => {
    expect(textOf('hours').split('\n')).toEqual([
      '3号增氧机 用电： (kWh)',
      '今天 00 ▅▆▇▇██ 06 █▇▆▅▄▃ 12 ▂▁▁▁▂▃ 18 ▄▅····',
      '昨天 00 ▄▅▆▇▇▇ 06 ▇▆▆▅▄▃ 12 ▂▂▂▂▂▃ 18 ▄▅▅▆▇▇',
      '最高 3.89 kWh（05）',
      '部分为估算',
    ])
  })

  test('a rank, the name behind its bar', () => {
    expect(textOf('few').split('\n')).toEqual([
      'Pond 1, energy: (kWh)',
      '██████████ 12.3 kWh Aerator 3',
      '▁ 0.5 kWh Feeder',
      '▁ 0 kWh Spare',
    ])
    expect(textOf('rank').split('\n').slice(-1)).toEqual(['另有 3 台'])
    expect(textOf('rank')).toContain('65 kWh 2号增氧机 ⚠')
  })

  test('values over time, with the limit and the mark', () => {
    expect(textOf('trip').split('\n')).toEqual([
      '3号增氧机 用电： (A)',
      '14:20 ▅▅▅▅▅▅▅···▅▅▅▅▅████· 14:30',
      '最高 71.2 A（14:29:20）',
      '电流：60 A',
      '跳闸：14:29:30',
    ])
  })

  test('nothing known, and what is below zero', () => {
    expect(textOf('unknown').split('\n')).toEqual(['3号增氧机 用电： (kWh)', '没有数据'])
    expect(textOf('export')).toContain('least -2.84 kWh (05)')
    expect(textOf('zero')).toContain('最高 0 kWh（00）')
  })

  test('whatever the values, each label has one block or gap', () => {
    const value = fc.option(fc.double({ noNaN: true, min: -1e12, max: 1e12 }))
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 31 }), (values) => {
        const labels = values.map((_, index) => `d${index}`)
        const series = [{ name: message('energy.today'), values }]
        const chart: Chart = { kind: 'bars', title: message('energy.today'), unit: 'kWh', labels, series }
        const [, row = ''] = textChart(chart, 'en', ZONE).split('\n')
        const isKnown = values.some((one) => one !== null)
        expect(row.match(/[▁-█·]/g)?.length ?? 0).toBe(isKnown ? values.length : 0)
      }),
    )
  })
})

describe('in the words of a language', () => {
  const ticks = (from: string, to: string, zone: string) => {
    const chart: Chart = {
      kind: 'line',
      title: message('energy.today'),
      unit: 'A',
      from: Date.parse(from),
      to: Date.parse(to),
      gap: 1,
      lines: [],
    }
    return chartText(chart, 'en', zone).ticks.map(
      ({ at, label }) => `${new Date(at).toISOString().slice(5, 16)} ${label}`,
    )
  }

  test('marks stand at round times of the zone, also over a change of its clock', () => {
    expect(ticks('2026-11-28T06:20Z', '2026-11-28T06:30Z', ZONE).map((one) => one.slice(12))).toEqual([
      '14:20',
      '14:22',
      '14:24',
      '14:26',
      '14:28',
      '14:30',
    ])
    expect(ticks('2026-11-27T16:00Z', '2026-11-28T16:00Z', ZONE).map((one) => one.slice(12))).toEqual([
      '11-28',
      '06:00',
      '12:00',
      '18:00',
      '11-29',
    ])
    expect(ticks('2026-10-24T22:00Z', '2026-10-25T23:00Z', 'Europe/Berlin')).toEqual([
      '10-24T22:00 10-25',
      '10-25T05:00 06:00',
      '10-25T11:00 12:00',
      '10-25T17:00 18:00',
      '10-25T23:00 10-26',
    ])
    expect(ticks('2026-11-01T00:00Z', '2026-11-28T00:00Z', 'UTC').map((one) => one.slice(12))).toHaveLength(6)
  })

  test('all of it survives as JSON, and names are made one sound line', () => {
    for (const { chart, locale } of Object.values(CHARTS)) {
      const kept = JSON.parse(JSON.stringify(chart)) as Chart
      expect(chartText(kept, locale, ZONE)).toEqual(chartText(chart, locale, ZONE))
    }
    const bars = [{ name: 'a\nb\u202e', value: 1 }]
    const said = chartText({ kind: 'rank', title: message('energy.today'), unit: 'W', bars }, 'en', ZONE)
    expect(said.kind === 'rank' && said.bars[0]!.name).not.toMatch(/[\n\u202e]/)
  })
})

test('figures are short, whatever their size', () => {
  expect([0, 0.0001, 0.352, 1.5, 12.34, 999.4, 1234.5, 12_345_678, -3.333].map(figure)).toEqual([
    '0',
    '0',
    '0.352',
    '1.5',
    '12.3',
    '999',
    '1,235',
    '12.3M',
    '-3.33',
  ])
})
