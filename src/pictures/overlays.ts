import type { Chart, Plugin } from 'chart.js'
import { COLOURS, fontOf, type Look } from './look.ts'

export interface Label {
  text: string
  /** It stands at the right end, not at the left. */
  isRight: boolean
}

type Pen = Chart['ctx']

/** The span between low and high values, behind all. */
export function shaded(runs: { at: number; low: number; high: number }[][], colour: string): Plugin {
  return {
    id: 'shaded',
    beforeDatasetsDraw({ ctx, scales }) {
      const point = (at: number, value: number) =>
        ctx.lineTo(scales.x!.getPixelForValue(at), scales.y!.getPixelForValue(value))
      apart(ctx, () => {
        ctx.fillStyle = colour
        for (const run of runs) {
          ctx.beginPath()
          for (const { at, high } of run) point(at, high)
          for (const { at, low } of run.toReversed()) point(at, low)
          ctx.fill()
        }
      })
    },
  }
}

/** A dashed line across, with its name on it. */
export function limitAt(value: number, { text, isRight }: Label, look: Look): Plugin {
  return {
    id: 'limit',
    afterDatasetsDraw({ ctx, scales, chartArea: { left, right } }) {
      const y = scales.y!.getPixelForValue(value)
      apart(ctx, () => {
        stroke(ctx, COLOURS.notable, look, [left, y], [right, y])
        write(
          ctx,
          text,
          look,
          COLOURS.notable,
          isRight ? 'right' : 'left',
          isRight ? right : left,
          y - look.text * 1.3,
        )
      })
    },
  }
}

/** A line from top to bottom at the moment of something, with its name at the top. */
export function markAt(at: number, text: string, look: Look): Plugin {
  return {
    id: 'mark',
    afterDatasetsDraw({ ctx, scales, chartArea: { top, bottom, left, right } }) {
      const x = scales.x!.getPixelForValue(at)
      const align = x > (left + right) / 2 ? 'right' : 'left'
      apart(ctx, () => {
        stroke(ctx, COLOURS.ink, look, [x, top], [x, bottom])
        write(ctx, text, look, COLOURS.ink, align, x, top)
      })
    },
  }
}

function stroke(ctx: Pen, colour: string, look: Look, from: [number, number], to: [number, number]) {
  ctx.strokeStyle = colour
  ctx.lineWidth = look.line * 0.6
  ctx.setLineDash([look.text / 2, look.text / 3])
  ctx.beginPath()
  ctx.moveTo(...from)
  ctx.lineTo(...to)
  ctx.stroke()
}

/** Writes a line beside `x`, with the line's top at `y`, on paper so that it can be read over others. */
function write(
  ctx: Pen,
  text: string,
  look: Look,
  colour: string,
  align: 'left' | 'right',
  x: number,
  y: number,
): void {
  const pad = look.text / 3
  ctx.font = fontOf(look.text)
  const width = ctx.measureText(text).width + pad * 2
  const left = align === 'left' ? x + pad : x - pad - width
  ctx.fillStyle = 'rgba(255, 255, 255, 0.85)'
  ctx.fillRect(left, y, width, look.text * 1.15)
  ctx.fillStyle = colour
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  ctx.fillText(text, left + pad, y + look.text * 0.55)
}

/** Draws without changing how the next is drawn. */
function apart(ctx: Pen, draw: () => void): void {
  ctx.save()
  draw()
  ctx.restore()
}
