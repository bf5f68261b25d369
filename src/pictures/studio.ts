import type { ChartText } from '../text/chart-text.ts'
import { draw, loadFont } from './draw.ts'
import type { Painted } from './painter.ts'

/** What the process that draws answers. It speaks first, once it can draw. */
export type Answer = 'ready' | Painted | { why: string }

/**
 * The process that draws. It is one of its own, so that the memory that drawing takes goes when it goes, and so that
 * nothing is lost but the picture if the drawing library, which is no JavaScript, brings it down. It ends with the one
 * that started it.
 */
function answer(message: Answer): void {
  process.send?.(message)
}

loadFont()
process.on('message', async (chart: ChartText) => {
  try {
    answer(await draw(chart))
  } catch (error) {
    answer({ why: String(error) })
  }
})
answer('ready')
