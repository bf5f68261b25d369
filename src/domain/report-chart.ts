import type { BarChart } from './chart.ts'
import { message } from './message.ts'
import type { ReportFacts } from './report-facts.ts'
import { reportTitle } from './report-text.ts'

/** The report as bars, what is usual beside them; undefined where nothing was measured. */
export function reportChart(facts: ReportFacts): BarChart | undefined {
  const { bars } = facts
  if (bars.every(({ kwh }) => kwh === null)) return undefined
  const isKnown = bars.some(({ usual }) => usual !== null)
  return {
    kind: 'bars',
    title: reportTitle(facts),
    unit: 'kWh',
    labels: bars.map(({ label }) => label),
    series: [
      {
        name: message('report.used'),
        values: bars.map(({ kwh }) => kwh),
        isEstimated: bars.map(({ isEstimated }) => isEstimated === true),
      },
      ...(isKnown
        ? [{ name: message('report.usual'), values: bars.map(({ usual }) => usual), isComparison: true }]
        : []),
    ],
  }
}
