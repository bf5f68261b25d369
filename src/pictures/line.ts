import type { Plugin, ScaleOptions } from 'chart.js'
import type { LineChart } from '../domain/chart.ts'
import { figure } from '../domain/figure.ts'
import type { ChartText } from '../text/chart-text.ts'
import type { Drawing, Point } from './drawing.ts'
import { COLOURS, colourOf, type Look } from './look.ts'
import { type Label, limitAt, markAt, shaded } from './overlays.ts'
import { axis } from './scales.ts'

export type LineText = Extract<ChartText, LineChart<string>>

/** Values over time, with what is usual, a limit, and the moment of what happened. */
export function lineDrawing(chart: LineText, look: Look): Drawing {
  const { lines, band, limit, mark, unit, gap } = chart
  const runs = lines.map(({ points }) => runsOf(within(points, chart), gap))
  const usual = runsOf(within(band?.points ?? [], chart), gap)
  const values = runs.flat(2).map(({ value }) => value)
  const all = [
    ...values,
    ...usual.flat().flatMap(({ low, high }) => [low, high]),
    ...(limit ? [limit.value] : []),
  ]
  const limitLabel: Label | undefined = limit && {
    text: `${limit.name} ${figure(limit.value)} ${unit}`,
    isRight: mark !== undefined && mark.at < (chart.from + chart.to) / 2,
  }
  return {
    isEmpty: values.length === 0,
    unit,
    legend: [
      ...(lines.length > 1 || band ? lines : []).map(({ name }, index) => ({
        text: name,
        fillStyle: colourOf(index),
      })),
      ...(band ? [{ text: band.name, fillStyle: COLOURS.usual }] : []),
    ],
    configuration: {
      type: 'line',
      data: { datasets: runs.map((run, index) => dataset(run, colourOf(index), look)) },
      options: {
        parsing: false,
        normalized: true,
        scales: { x: timeAxis(chart, look), y: { ...axis(look, all, unit !== 'V'), ...reach(all) } },
      },
      plugins: [
        shaded(usual, COLOURS.usual),
        ...(limit ? [limitAt(limit.value, limitLabel!, look)] : []),
        ...(mark ? [markAt(mark.at, mark.name, look)] : []),
      ] as Plugin<'line'>[],
    },
  }
}

const within = <Point extends { at: number }>(points: Point[], { from, to }: LineText): Point[] =>
  points.filter(({ at }) => at >= from && at <= to)

/** The points that belong together, apart where too much time lies between two. */
function runsOf<Point extends { at: number }>(points: Point[], gap: number): Point[][] {
  const runs: Point[][] = []
  for (const point of points) {
    const last = runs.at(-1)?.at(-1)
    if (last && point.at - last.at <= gap) runs.at(-1)!.push(point)
    else runs.push([point])
  }
  return runs
}

/** A break between runs is a point that is none; one that stands alone is drawn as a dot. */
function dataset(runs: { at: number; value: number }[][], colour: string, look: Look) {
  const points = runs.flatMap((run): Point[] => [
    ...run.map(({ at, value }) => ({ x: at, y: value })),
    { x: run.at(-1)!.at, y: Number.NaN },
  ])
  const radii = runs.flatMap((run) => [...run.map(() => (run.length === 1 ? look.line : 0)), 0])
  return {
    data: points,
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: look.line,
    borderJoinStyle: 'round' as const,
    pointRadius: radii,
  }
}

function timeAxis({ from, to, ticks }: LineText, look: Look): ScaleOptions<'linear'> {
  return {
    type: 'linear',
    min: from,
    max: to,
    border: { color: COLOURS.axis, width: 2 },
    grid: { display: false },
    afterBuildTicks: (scale) => {
      scale.ticks = ticks.map(({ at, label }) => ({ value: at, label }))
    },
    ticks: {
      color: COLOURS.quiet,
      font: { size: look.text },
      maxRotation: 0,
      padding: look.text / 4,
      callback: (_, index) => ticks[index]?.label ?? '',
    },
  }
}

/** Room above the highest, for the labels that stand there. */
function reach(all: number[]): { suggestedMax?: number } {
  const [low, high] = [Math.min(...all, 0), Math.max(...all)]
  return high > 0 ? { suggestedMax: high + (high - low) * 0.15 } : {}
}
