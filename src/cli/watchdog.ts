/** What is watched, and who is told. */
export interface Watched {
  /** Why the process is of no use any more; undefined while it is. */
  ailment(): Promise<string | undefined>
  /** It is of use. */
  well(): void
  /** It has been of no use for `patience`. */
  lost(why: string): void
  /** ms from the end of one look to the next. */
  every: number
  /** ms. */
  patience: number
}

/**
 * Looks again and again whether the process is still of use. A program whose event loop does not turn any more looks
 * no more: that is for whoever waits for its word.
 * @returns what ends it
 */
export function startWatchdog({ ailment, well, lost, every, patience }: Watched): () => void {
  let illSince: number | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  async function look(): Promise<void> {
    const why = await ailment()
    if (isStopped) return
    // From the end of a look: one may have been held up together with the whole machine.
    illSince = why === undefined ? undefined : (illSince ?? performance.now())
    if (why === undefined) well()
    else if (performance.now() - illSince! >= patience) return lost(why)
    timer = setTimeout(look, every).unref()
  }

  void look()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}
