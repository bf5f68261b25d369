import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'

/**
 * Fails the test in which an exception or a rejection reaches the process, or the console is used: an SDK may do what
 * it likes, but behind the adapter.
 */
export function guardTheProcess(): void {
  const escaped: unknown[] = []
  const note = (reason: unknown) => void escaped.push(reason)
  const events = ['unhandledRejection', 'uncaughtExceptionMonitor'] as const
  const consoles = () =>
    (['debug', 'info', 'warn', 'error', 'log'] as const).map((it) => vi.spyOn(console, it))
  let spies: ReturnType<typeof consoles> = []
  let listeners: number[] = []
  const counts = () => process.eventNames().map((name) => process.listenerCount(name))

  beforeAll(() => {
    spies = consoles()
    for (const event of events) process.on(event, note)
    listeners = counts()
  })
  afterEach(() => {
    expect(escaped.splice(0)).toEqual([])
    expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([])
  })
  afterAll(() => {
    expect(counts()).toEqual(listeners)
    for (const event of events) process.off(event, note)
    for (const spy of spies) spy.mockRestore()
  })
}
