import { createHook } from 'node:async_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Counts the timers that were made since, have not ended, and keep the process alive. */
export function watchTimers(): { left(): Promise<number>; end(): void } {
  const living = new Map<number, WeakRef<object>>()
  const hook = createHook({
    init(id, type, _trigger, timer) {
      if (type === 'Timeout') living.set(id, new WeakRef(timer))
    },
    destroy: (id) => void living.delete(id),
  }).enable()
  const keepsAlive = (timer: object | undefined) =>
    timer !== undefined && 'hasRef' in timer && typeof timer.hasRef === 'function' && timer.hasRef()
  return {
    async left() {
      // The end of one that has just rung (the asker's own) is told a little later.
      for (let turn = 0; turn < 3; turn++) await nextTurn()
      return [...living.values()].filter((timer) => keepsAlive(timer.deref())).length
    },
    end: () => void hook.disable(),
  }
}
