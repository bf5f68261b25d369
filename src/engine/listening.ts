/** Enough gaps between pushes to say what is usual, and how many are remembered. */
const ENOUGH = 10
const REMEMBERED = 30
/** Longer than so many times the longest of them is unusual; but a few seconds never are. ms. */
const UNUSUAL = 3
const NEVER_UNUSUAL = 10_000
const LOOK_EVERY = 1000
/** So long the cloud tries to bring a push (documented), ms. */
const STOOD_STILL = 5000

/** Notices when pushes may have been missed: the cloud sends each once only. */
export interface Listening {
  /** A push came. */
  heard(): void
  /** Something has kept pushes from us: `why` in a few words, for the log. */
  missed(why: string): void
  /** The longest of the last pauses between pushes, ms; undefined until there were enough. */
  longest(): number | undefined
  /** Since when nothing has kept pushes from us, as far as is known, ms. */
  since(): number
  start(): void
  stop(): void
}

/**
 * `missing` is told each time that pushes may have been missed, and why.
 * @param stoodStill the cloud gives a push up after this: who stood still for longer may have missed some, ms
 */
export function createListening(
  now: () => number,
  missing: (why: string) => void,
  stoodStill = STOOD_STILL,
): Listening {
  let since = now()
  let last: number | undefined
  let isQuiet = false
  let gaps: number[] = []
  let timer: NodeJS.Timeout | undefined

  function missed(why: string): void {
    since = now()
    missing(why)
  }

  function look(before: number): void {
    const at = now()
    if (at - before > LOOK_EVERY + stoodStill || at < before) {
      last = undefined
      missed('the process or machine stood still, or its clock was set')
    } else if (!isQuiet && last !== undefined && at - last > unusual()) {
      isQuiet = true
      missing('no push came for unusually long')
    }
    timer = setTimeout(() => look(at), LOOK_EVERY).unref()
  }

  const longest = () => (gaps.length < ENOUGH ? undefined : Math.max(...gaps))
  const unusual = () => Math.max(NEVER_UNUSUAL, UNUSUAL * (longest() ?? Number.POSITIVE_INFINITY))

  return {
    heard() {
      const at = now()
      if (last !== undefined) gaps = [...gaps, Math.max(0, at - last)].slice(-REMEMBERED)
      last = at
      if (!isQuiet) return
      isQuiet = false
      missing('pushes come again')
    },
    missed,
    longest,
    since: () => since,
    start() {
      since = now()
      look(now())
    },
    stop: () => clearTimeout(timer),
  }
}
