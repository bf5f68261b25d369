import type { Plugin } from 'chart.js'
import type { RankChart } from '../domain/chart.ts'
import { figure } from '../domain/figure.ts'
import type { ChartText } from '../text/chart-text.ts'
import type { Drawing, WidthOf } from './drawing.ts'
import { fitted } from './letters.ts'
import { COLOURS, colourOf, fontOf, type Look } from './look.ts'

export type RankText = Extract<ChartText, RankChart<string>>

/** How much of the width names may take. */
const FOR_NAMES = 0.36
/** How much of the height letters may take. */
const FOR_BARS = 0.55

/** One bar below the other, each with its name and its number. */
export function rankDrawing(chart: RankText, look: Look, widthOf: WidthOf): Drawing {
  const { bars, unit } = chart
  const size = Math.min(look.text, (look.height * FOR_BARS) / Math.max(1, bars.length))
  const numbers = bars.map(({ value }) => `${figure(value)} ${unit}`)
  const wide = (text: string) => widthOf(text, size)
  const room = Math.max(0, ...numbers.map(wide)) + look.text
  return {
    isEmpty: bars.length === 0,
    legend: [],
    configuration: {
      type: 'bar',
      data: {
        labels: bars.map(({ name }) => fitted(name, look.width * FOR_NAMES, 1, wide)[0] ?? ''),
        datasets: [
          {
            data: bars.map(({ value }) => value),
            backgroundColor: bars.map(({ isNotable }) => (isNotable ? COLOURS.notable : colourOf(0))),
            borderRadius: 3,
            maxBarThickness: look.text * 2,
            categoryPercentage: 0.74,
            barPercentage: 1,
          },
        ],
      },
      options: {
        indexAxis: 'y',
        layout: { padding: { right: room + look.margin } },
        scales: {
          x: { type: 'linear', display: false, beginAtZero: true },
          y: {
            type: 'category',
            border: { color: COLOURS.axis, width: 2 },
            grid: { display: false },
            ticks: { color: COLOURS.ink, font: { size }, autoSkip: false, padding: look.text / 3 },
          },
        },
      },
      plugins: [numbersAt(numbers, size)],
    },
  }
}

/** Writes each number at the end of its bar. */
function numbersAt(numbers: string[], size: number): Plugin<'bar'> {
  return {
    id: 'numbers',
    afterDatasetsDraw(chart) {
      const { ctx, scales } = chart
      const start = scales.x!.getPixelForValue(0)
      ctx.save()
      Object.assign(ctx, {
        font: fontOf(size),
        fillStyle: COLOURS.ink,
        textAlign: 'left',
        textBaseline: 'middle',
      })
      for (const [index, bar] of chart.getDatasetMeta(0).data.entries())
        ctx.fillText(numbers[index]!, Math.max(bar.x, start) + size / 2, bar.y)
      ctx.restore()
    },
  }
}
