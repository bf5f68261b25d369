/** Work in order, one lane for each card: DingTalk's updates carry no number, so the last to arrive wins. */
export interface Lanes {
  /** Does the work after all that was asked for this key before. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>
  /** Lets nothing that is asked for later begin before `until` has settled. */
  hold(key: string, until: Promise<unknown>): void
  busy(key: string): boolean
}

export function createLanes(): Lanes {
  const tails = new Map<string, Promise<unknown>>()

  function extend(key: string, end: Promise<unknown>): void {
    const tail = Promise.allSettled([tails.get(key), end]).then(() => {
      if (tails.get(key) === tail) tails.delete(key)
    })
    tails.set(key, tail)
  }

  return {
    run(key, work) {
      const result = Promise.resolve(tails.get(key)).then(work)
      extend(key, result)
      return result
    },
    hold: extend,
    busy: (key) => tails.has(key),
  }
}
