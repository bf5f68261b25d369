/** One call under way, and what cuts it off. */
export interface Cut {
  signal: AbortSignal
  abort(): void
  /** It has ended: nothing of it is left. */
  done(): void
}

/**
 * Cuts calls off, each after its time and all at the end. An `AbortSignal.any` with one that lasts would make every
 * collection slower than the one before.
 */
export function createCuts() {
  const open = new Set<AbortController>()
  return {
    /** @param within ms */
    begin(within: number): Cut {
      const cut = new AbortController()
      const timer = setTimeout(() => cut.abort(), within)
      open.add(cut)
      return {
        signal: cut.signal,
        abort: () => cut.abort(),
        done() {
          clearTimeout(timer)
          open.delete(cut)
        },
      }
    },
    /** Those that are under way. */
    abort(): void {
      for (const cut of open) cut.abort()
    },
  }
}
