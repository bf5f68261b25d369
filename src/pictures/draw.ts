import { fileURLToPath } from 'node:url'
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  SubTitle,
  Title,
} from 'chart.js'
import type { ChartText } from '../text/chart-text.ts'
import { barDrawing } from './bars.ts'
import type { Drawing, WidthOf } from './drawing.ts'
import { lettered } from './letters.ts'
import { lineDrawing } from './line.ts'
import { FONT, fontOf, type Look, lookOf } from './look.ts'
import type { Painted } from './painter.ts'
import { rankDrawing } from './rank.ts'
import { onSheet } from './sheet.ts'

Chart.defaults.font.family = FONT
Chart.register(BarController, BarElement, CategoryScale, LinearScale)
Chart.register(LineController, LineElement, PointElement, SubTitle, Title)

const SHIPPED = fileURLToPath(new URL('../../assets/fonts/noto-sans-sc-400.woff2', import.meta.url))

/**
 * Makes the font known that charts are lettered with.
 * @throws Error where it is missing or cannot be read: charts without letters say nothing
 */
export function loadFont(file: string = SHIPPED): void {
  if (!GlobalFonts.registerFromPath(file, FONT))
    throw new Error(`the font ${file} is missing or cannot be read`)
}

/** Draws a chart as a PNG. {@link loadFont} must have been called. */
export async function draw(chart: ChartText): Promise<Painted> {
  const look = lookOf(chart)
  const canvas = createCanvas(look.width, look.height)
  const said = lettered(chart)
  const widthOf = widthsIn(canvas.getContext('2d'))
  const { configuration, ...more } = drawingOf(said, look, widthOf)
  const made = new Chart(
    canvas as unknown as HTMLCanvasElement,
    onSheet(configuration, said, more, look, widthOf),
  )
  const png = await canvas.encode('png')
  made.destroy()
  return { png, width: look.width, height: look.height }
}

function drawingOf(chart: ChartText, look: Look, widthOf: WidthOf): Drawing {
  if (chart.kind === 'bars') return barDrawing(chart, look, (side) => createCanvas(side, side))
  return chart.kind === 'rank' ? rankDrawing(chart, look, widthOf) : lineDrawing(chart, look)
}

const widthsIn =
  (pen: SKRSContext2D): WidthOf =>
  (text, size) => {
    pen.font = fontOf(size)
    return pen.measureText(text).width
  }
