import type { Canvas } from '@napi-rs/canvas'
import type { ChartDataset } from 'chart.js'
import type { BarChart } from '../domain/chart.ts'
import type { ChartText } from '../text/chart-text.ts'
import type { Drawing, LegendItem } from './drawing.ts'
import { COLOURS, colourOf, type Look } from './look.ts'
import { axis, labelAxis } from './scales.ts'

export type BarText = Extract<ChartText, BarChart<string>>

/** Bars over time: one series solid, what it is compared with broad and faint behind it, what is estimated hatched. */
export function barDrawing(chart: BarText, look: Look, newCanvas: (side: number) => Canvas): Drawing {
  const { labels, series, unit, estimated } = chart
  const known = series.flatMap(({ values }) => values.filter((value) => value !== null))
  const colours = series.map((one, index) => (one.isComparison ? COLOURS.faint : colourOf(index)))
  const hatch = (index: number) => hatched(newCanvas(look.text), colours[index]!)
  const datasets = series.map(
    ({ name, values, isComparison, isEstimated }, index): ChartDataset<'bar', (number | null)[]> => ({
      label: name,
      data: values,
      backgroundColor: values.map((_, at) => (isEstimated?.[at] ? hatch(index) : colours[index]!)),
      borderRadius: 3,
      maxBarThickness: look.width / (isComparison ? 5 : 7),
      order: isComparison ? 1 : 0,
      grouped: !isComparison,
      categoryPercentage: isComparison ? 0.9 : 0.66,
      barPercentage: 1,
    }),
  )
  const first = series.findIndex(({ isEstimated }) => isEstimated?.includes(true))
  const legend: LegendItem[] = [
    ...(series.length > 1 ? series : []).map(({ name }, index) => ({
      text: name,
      fillStyle: colours[index]!,
    })),
    ...(first >= 0 ? [{ text: estimated, fillStyle: hatch(first) }] : []),
  ]
  return {
    isEmpty: known.length === 0,
    legend,
    unit,
    configuration: {
      type: 'bar',
      data: { labels, datasets },
      options: { scales: { x: labelAxis(look), y: axis(look, known) } },
    },
  }
}

function hatched(tile: Canvas, colour: string): CanvasPattern {
  const side = tile.width
  const pen = tile.getContext('2d')
  pen.fillStyle = COLOURS.paper
  pen.fillRect(0, 0, side, side)
  pen.fillStyle = colour
  pen.globalAlpha = 0.25
  pen.fillRect(0, 0, side, side)
  pen.globalAlpha = 1
  pen.strokeStyle = colour
  pen.lineWidth = side / 5
  for (const from of [-side, -side / 2, 0, side / 2, side]) {
    pen.beginPath()
    pen.moveTo(from - side / 2, side * 1.5)
    pen.lineTo(from + side * 1.5, -side / 2)
    pen.stroke()
  }
  return pen.createPattern(tile, 'repeat') as unknown as CanvasPattern
}
