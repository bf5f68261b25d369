import type { Log } from '../domain/log.ts'
import type { ChartText } from '../text/chart-text.ts'
import { type Drawer, type Failed, startDrawer } from './drawer.ts'
import type { Painted, Painter } from './painter.ts'

export interface PainterOptions {
  log: Log
  /** After so long without a picture the process that draws is ended, ms. */
  idle?: number
  /** So long a picture may take, waiting for its turn included, ms. */
  deadline?: number
  /** After finding that nothing can be drawn here, it is tried again only after so long, ms. */
  rest?: number
  /** ms, not set back. */
  clock?: () => number
  /** For tests: another program that draws. */
  script?: URL
}

const STUDIO = new URL('./studio.ts', import.meta.url)

/** Nothing runs, and nothing of the drawing library is loaded, before the first picture. */
export function createPainter({
  log,
  idle = 60_000,
  deadline = 10_000,
  rest = 3_600_000,
  clock = () => performance.now(),
  script = STUDIO,
}: PainterOptions): Painter {
  let drawer: Drawer | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let leaving: NodeJS.Timeout | undefined
  let restUntil = Number.NEGATIVE_INFINITY
  let isStopped = false

  async function end(): Promise<void> {
    clearTimeout(leaving)
    const one = drawer
    drawer = undefined
    await one?.end()
  }

  async function drawn(chart: ChartText, until: number): Promise<Painted | undefined> {
    clearTimeout(leaving)
    if (isStopped || clock() < restUntil) return undefined
    if (clock() >= until) return none('it had to wait too long for others')
    drawer ??= startDrawer(script)
    const answer = await drawer.draw(chart, Math.max(1, until - clock()))
    if ('why' in answer) return failed(answer)
    leaving = setTimeout(end, idle)
    leaving.unref()
    return answer
  }

  function none(why: string): undefined {
    log.warn({ why }, 'a picture could not be drawn; its chart is sent as text')
  }

  async function failed({ why, isUnable }: Failed): Promise<undefined> {
    await end()
    if (isStopped) return
    if (!isUnable) return none(why)
    restUntil = clock() + rest
    log.error(
      { why },
      'no pictures can be drawn here; charts are sent as text. Run npm ci again for this machine, or set energy.pictures to false',
    )
  }

  return {
    paint(chart) {
      const until = clock() + deadline
      const painted = turn.then(() => drawn(chart, until))
      turn = painted
      return painted
    },
    async stop() {
      isStopped = true
      await end()
      await turn
    },
  }
}
