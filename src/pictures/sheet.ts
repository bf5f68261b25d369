import type { Plugin } from 'chart.js'
import type { ChartText } from '../text/chart-text.ts'
import type { Configuration, Drawing, WidthOf } from './drawing.ts'
import { fitted } from './letters.ts'
import { COLOURS, FONT, fontOf, type Look } from './look.ts'

type Details = Omit<Drawing, 'configuration'>

/** A configuration with all that charts have in common: paper, title, legend, unit, type. */
export function onSheet(
  configuration: Configuration,
  chart: ChartText,
  details: Details,
  look: Look,
  widthOf: WidthOf,
): Configuration {
  const common = {
    responsive: false,
    animation: false as const,
    devicePixelRatio: 1,
    font: { family: FONT, size: look.text },
  }
  const { layout, ...own } = configuration.options ?? {}
  const padding = { top: look.margin, left: look.margin, right: look.margin, bottom: look.margin }
  return {
    ...configuration,
    options: {
      ...own,
      ...common,
      layout: { padding: { ...padding, ...(layout?.padding as object) } },
      plugins: {
        title: titled(chart, look, widthOf),
        subtitle: more(chart, look),
        legend: legend(details, look),
      },
    },
    plugins: [
      paper(),
      ...(details.unit === undefined ? [] : [unitAbove(details.unit, look)]),
      ...(details.isEmpty ? [said(chart.nothing, look)] : []),
      ...(configuration.plugins ?? []),
    ],
  }
}

function titled({ title }: ChartText, look: Look, widthOf: WidthOf) {
  const width = look.width - look.margin * 2
  return {
    display: title !== '',
    text: fitted(title, width, 2, (text) => widthOf(text, look.title)),
    align: 'start' as const,
    color: COLOURS.ink,
    font: { family: FONT, size: look.title, weight: 'normal' as const, lineHeight: 1.25 },
    padding: { top: 0, bottom: look.text * 0.4 },
  }
}

const more = ({ more = '' }: ChartText, look: Look) => ({
  display: more !== '',
  text: more,
  position: 'bottom' as const,
  align: 'start' as const,
  color: COLOURS.quiet,
  font: { size: look.text },
})

/** The series stand at the right, for the unit stands at the left. */
function legend({ legend, unit }: Details, look: Look) {
  return {
    display: unit !== undefined,
    align: 'end' as const,
    labels: {
      font: { size: look.text },
      boxWidth: look.text,
      boxHeight: look.text * 0.8,
      padding: look.text * 0.6,
      generateLabels: () =>
        legend.length > 0
          ? legend.map((one) => ({ ...one, fontColor: COLOURS.ink, lineWidth: 0 }))
          : [{ text: ' ', fillStyle: COLOURS.paper, lineWidth: 0 }],
    },
  }
}

const paper = (): Plugin => ({
  id: 'paper',
  beforeDraw({ ctx, width, height }) {
    ctx.save()
    ctx.fillStyle = COLOURS.paper
    ctx.fillRect(0, 0, width, height)
    ctx.restore()
  },
})

const unitAbove = (unit: string, look: Look): Plugin => ({
  id: 'unit',
  afterDraw({ ctx, chartArea }) {
    write(ctx, unit, look, look.margin, chartArea.top - look.text * 1.1)
  },
})

const said = (text: string, look: Look): Plugin => ({
  id: 'said',
  afterDraw({ ctx, chartArea: { left, right, top, bottom } }) {
    ctx.textAlign = 'center'
    write(ctx, text, look, (left + right) / 2, (top + bottom) / 2)
  },
})

function write(ctx: CanvasRenderingContext2D, text: string, look: Look, x: number, y: number): void {
  ctx.save()
  ctx.font = fontOf(look.text)
  ctx.fillStyle = COLOURS.quiet
  ctx.textBaseline = 'middle'
  ctx.fillText(text, x, y)
  ctx.restore()
}
