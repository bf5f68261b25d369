import type { ScaleOptions } from 'chart.js'
import { figure } from '../domain/figure.ts'
import { COLOURS, type Look } from './look.ts'

/** The axis of values. */
export function axis(look: Look, known: number[], atZero = true): ScaleOptions<'linear'> {
  const isFlat = known.every((value) => value === 0)
  return {
    type: 'linear',
    beginAtZero: atZero,
    ...(isFlat && { suggestedMax: 1 }),
    border: { display: false },
    grid: {
      color: ({ tick }) => (tick.value === 0 ? COLOURS.axis : COLOURS.grid),
      lineWidth: 2,
      drawTicks: false,
    },
    ticks: {
      color: COLOURS.quiet,
      font: { size: look.text },
      maxTicksLimit: 6,
      padding: look.text / 2,
      callback: (value) => figure(Number(value)),
    },
  }
}

/** The axis of labels below the bars: as many of them as there is room for. */
export function labelAxis(look: Look): ScaleOptions<'category'> {
  return {
    type: 'category',
    border: { color: COLOURS.axis, width: 2 },
    grid: { display: false },
    ticks: {
      color: COLOURS.quiet,
      font: { size: look.text },
      maxRotation: 0,
      autoSkip: true,
      autoSkipPadding: look.text / 2,
      padding: look.text / 4,
    },
  }
}
