import { describe, expect, test } from 'vitest'
import { percentile, ratio, spread, table } from '../../bench/figures.ts'

describe('figures of the bench', () => {
  test('percentiles are measured values, whatever their order', () => {
    const values = Array.from({ length: 200 }, (_, n) => 200 - n)
    expect([0, 50, 99, 100].map((p) => percentile(values, p))).toEqual([1, 101, 199, 200])
    expect(values[0]).toBe(200)
    expect(percentile([7], 99)).toBe(7)
    expect(percentile([], 50)).toBeNaN()
  })

  test('a spread is the median, the 99th percentile and the greatest', () => {
    expect(spread([9, 1, 5])).toEqual([5, 9, 9])
  })

  test('a ratio has two digits that count', () => {
    expect([ratio(1, 1), ratio(366, 1000), ratio(14_999, 1000), ratio(1, 3000)]).toEqual([
      '1',
      '0.37',
      '15',
      '0.00033',
    ])
  })

  test('a table is Markdown, numbers with one digit behind the point', () => {
    expect(table(['ms', 'p50'], [['a trip', 3.25]])).toBe('| ms | p50 |\n| --- | --- |\n| a trip | 3.3 |')
  })
})
