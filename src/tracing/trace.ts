import { AsyncLocalStorage } from 'node:async_hooks'
import { hash, randomBytes } from 'node:crypto'

/** Something that was done, as a collector of traces is told of it. Times: ms since 1970, with fractions. */
export interface Span {
  name: string
  start: number
  end: number
  attributes: Record<string, string | number>
  /** What went wrong. */
  failure?: string
}

/** A run of a job, or the taking of what came in, with all that was done meanwhile. */
export interface Run extends Span {
  /** Its own id, 16 hex digits. */
  id: string
  /** What it follows from, in another run, perhaps at another instance. */
  from?: { trace: string; run: string }
  done: Span[]
}

/** Takes what was done; never throws and never waits. */
export interface Tracing {
  take(trace: string, run: Run): void
}

/** What is being done just now. One thing that leads to another hands its id on with the jobs that follow from it. */
interface Doing {
  /** The id of the job that all this began with; unknown until what came in becomes one. */
  root: string | undefined
  /** 32 hex digits; made from the root when first asked for. */
  trace: string | undefined
  run: Run | undefined
  isOver: boolean
}

/** A run of many calls (a comparison, a table) tells of so many. */
const SPANS = 100

const doing = new AsyncLocalStorage<Doing>()

/** The id of what began with a job: the same at whichever instance, and however often the same thing comes in. */
export const traceOf = (root: string): string => hash('sha256', root).slice(0, 32)

/** The id of a job, which the ids of what it follows from came with. */
export function traceOfJob(id: string, payload: unknown): string {
  const { trace } = (payload ?? {}) as { trace?: string }
  return trace?.split('-')[0] ?? traceOf(id)
}

/** ms since 1970, with fractions. */
export const clock = (): number => performance.timeOrigin + performance.now()

/** The one id of what is being done just now, from push to card to command; undefined outside of that. */
export function traceId(): string | undefined {
  const now = present()
  if (now && now.trace === undefined && now.root !== undefined) now.trace = traceOf(now.root)
  return now?.trace
}

/** What is being done turns out to belong to something that began earlier. */
export function joinTrace(trace: string): void {
  const now = present()
  if (now) now.trace = trace
}

/**
 * Tells the collector, if there is one, of something that has just ended.
 * @param start of {@link clock}
 */
export function noteSpan(
  name: string,
  start: number,
  attributes: Span['attributes'] = {},
  failure?: string,
): void {
  const run = present()?.run
  if (run && run.done.length < SPANS)
    run.done.push({ name, start, end: clock(), attributes, ...(failure !== undefined && { failure }) })
}

/** What a job carries of it; `root`: the job with which it begins, if it has not begun yet. */
export function carriedOn(root: string): string | undefined {
  const now = present()
  if (!now) return undefined
  now.root ??= root
  const trace = traceId()!
  return now.run ? `${trace}-${now.run.id}` : trace
}

/** What is done for a job. @param carried by the job, as by {@link carriedOn} */
export interface Begun {
  name: string
  root?: string
  carried?: string | undefined
  attributes: Span['attributes']
}

/** Does something under an id of its own, or under the one that is carried. */
export async function traced<T>(
  begun: Begun,
  tracing: Tracing | undefined,
  act: () => Promise<T>,
): Promise<T> {
  const [trace, from] = begun.carried?.split('-') ?? []
  const run = tracing && newRun(begun, trace && from ? { trace, run: from } : undefined)
  const now: Doing = { root: begun.root, trace, run, isOver: false }
  return doing.run(now, async () => {
    try {
      return await act()
    } catch (error) {
      if (run) run.failure = error instanceof Error ? error.message : String(error)
      throw error
    } finally {
      const id = traceId()
      // What it has set going goes on for its own sake.
      now.isOver = true
      if (run && id !== undefined) tracing!.take(id, { ...run, end: clock() })
    }
  })
}

function present(): Doing | undefined {
  const now = doing.getStore()
  return now?.isOver ? undefined : now
}

function newRun({ name, attributes }: Begun, from: Run['from']): Run {
  const start = clock()
  const id = randomBytes(8).toString('hex')
  return { id, name, start, end: start, attributes, done: [], ...(from && { from }) }
}
