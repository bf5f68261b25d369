/** A binary heap: the first in order is at hand, adding and taking cost log n. */
export interface Heap<T> {
  push(item: T): void
  /** The first in order, left in place. */
  peek(): T | undefined
  /** Takes the first in order. */
  pop(): T | undefined
}

/** @param before whether a comes before b */
export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = []

  function rise(item: T, from: number) {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(item, items[parent]!)) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = item
  }

  function sink(item: T) {
    let at = 0
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++
      if (!before(items[child]!, item)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = item
  }

  return {
    push: (item) => rise(item, items.length),
    peek: () => items[0],
    pop() {
      const first = items[0]
      const last = items.pop()
      if (items.length > 0 && last !== undefined) sink(last)
      return first
    },
  }
}
