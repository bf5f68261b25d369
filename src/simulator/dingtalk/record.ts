import type { SimClock } from '../kit/clock.ts'
import type { Counters, LogEntry, PressOutcome } from './observations.ts'

type RequestEntry = Extract<LogEntry, { kind: 'request' }>

/** What happened, for assertions: the log in order, tallies, broken rules, and all secrets known so far. */
export function createRecord(clock: SimClock) {
  const calls: LogEntry[] = []
  const violations: string[] = []
  const secrets = new Set<string>()
  const opens: number[] = []
  const requests: Record<string, number> = {}
  const presses: Record<PressOutcome, number> = {
    updated: 0,
    unchanged: 0,
    'timed out': 0,
    refused: 0,
    lost: 0,
  }
  const tally = { messagesLost: 0, redeliveries: 0 }

  /** Returns what stands in the log, for details that come later. */
  function note<Entry extends Unstamped<LogEntry>>(entry: Entry): Entry {
    const stamped = { at: clock.now(), ...entry }
    calls.push(stamped)
    return stamped
  }

  return {
    calls,
    violations,
    secrets,
    tally,
    note,
    /** Takes its place in the order when it arrives; status and answer are filled in later. */
    request(entry: Omit<Unstamped<RequestEntry>, 'kind' | 'status' | 'answer'>) {
      const name = `${entry.method} ${entry.path}`
      requests[name] = (requests[name] ?? 0) + 1
      return note({ kind: 'request' as const, ...entry, status: 0, answer: undefined as unknown })
    },
    opened(): void {
      opens.push(clock.now())
    },
    pressed(outcome: PressOutcome): void {
      presses[outcome]++
    },
    violation(text: string): void {
      violations.push(text)
    },
    counters(): Omit<Counters, 'monthlyCalls' | 'monthlyPushes'> {
      const since = clock.now() - 60_000
      return {
        opens: opens.length,
        opensLastMinute: opens.filter((at) => at > since).length,
        requests: { ...requests },
        presses: { ...presses },
        ...tally,
      }
    },
  }
}

/** Without the time, for each kind of entry. */
type Unstamped<Entry> = Entry extends unknown ? Omit<Entry, 'at'> : never

export type SimRecord = ReturnType<typeof createRecord>
