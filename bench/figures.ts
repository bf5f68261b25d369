/** The p-th percentile (0–100) of some measurements; NaN of none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN
}

/** How many times as much, to two digits that count: «0.37», «1.2», «15». */
export function ratio(value: number, base: number): string {
  return Number((value / base).toPrecision(2)).toString()
}

/** A table in Markdown; numbers with one digit behind the point. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(1) : cell)).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** What is told of times: median, 99th percentile and greatest, and the head that goes with it. */
export const SPREAD = ['p50', 'p99', 'max'] as const
export const spread = (times: readonly number[]): number[] => [
  percentile(times, 50),
  percentile(times, 99),
  times.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY),
]
