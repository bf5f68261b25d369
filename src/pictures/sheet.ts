import type { Plugin } from 'chart.js'
import type { ChartText } from '../text/chart-text.ts'
import type { Configuration, Drawing, LegendItem, WidthOf } from './drawing.ts'
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
        title: titled(chart, details, look, widthOf),
        subtitle: more(chart, look),
        legend: { display: false },
      },
    },
    plugins: [
      paper(),
      ...(details.unit === undefined ? [] : [heading(details.unit, details.legend, look, widthOf)]),
      ...(details.isEmpty ? [said(chart.nothing, look, widthOf)] : []),
      ...(configuration.plugins ?? []),
    ],
  }
}

function titled({ title }: ChartText, { unit }: Details, look: Look, widthOf: WidthOf) {
  const width = look.width - look.margin * 2
  return {
    display: title !== '',
    text: fitted(title, width, 2, (text) => widthOf(text, look.title)),
    align: 'start' as const,
    color: COLOURS.ink,
    font: { family: FONT, size: look.title, weight: 'normal' as const, lineHeight: 1.25 },
    // The heading stands below it.
    padding: { top: 0, bottom: look.text * (unit === undefined ? 0.6 : 2.3) },
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

const paper = (): Plugin => ({
  id: 'paper',
  beforeDraw({ ctx, width, height }) {
    ctx.save()
    ctx.fillStyle = COLOURS.paper
    ctx.fillRect(0, 0, width, height)
    ctx.restore()
  },
})

/** In one line above the values: the unit at the left, what the colours stand for at the right. */
const heading = (unit: string, legend: LegendItem[], look: Look, widthOf: WidthOf): Plugin => ({
  id: 'heading',
  afterDraw({ ctx, chartArea: { top } }) {
    const y = top - look.text * 1.4
    write(ctx, unit, look, look.margin, y)
    const share = (look.width - look.margin * 2) / (legend.length + 1) - look.text * 2
    let x: number = look.width - look.margin
    for (const { text, fillStyle } of legend.toReversed()) {
      const [name = ''] = fitted(text, share, 1, (one) => widthOf(one, look.text))
      x -= widthOf(name, look.text)
      write(ctx, name, look, x, y)
      x -= look.text * 1.3
      ctx.save()
      ctx.fillStyle = fillStyle as string
      ctx.fillRect(x, y - look.text * 0.45, look.text, look.text * 0.8)
      ctx.restore()
      x -= look.text * 0.9
    }
  },
})

const said = (text: string, look: Look, widthOf: WidthOf): Plugin => ({
  id: 'said',
  afterDraw({ ctx, chartArea: { left, right, top, bottom } }) {
    write(ctx, text, look, (left + right - widthOf(text, look.text)) / 2, (top + bottom) / 2)
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
