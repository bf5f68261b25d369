import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { type BreakerState, circuitState } from '../../src/domain/breaker.ts'
import { permitToClose } from '../../src/domain/closing-gate.ts'
import type { CloseRequest, Fresh } from '../../src/domain/closing-request.ts'
import { holdsOn, isLockedOut, shotsToday } from '../../src/domain/hindrance.ts'
import { CAUSES, type Cause } from '../../src/domain/report.ts'
import { AUTO, automatic } from './support/reclosing.ts'
import { CHIEF, JIA, POLICY, PUMP, YI } from './support/site.ts'
import { REFUSED, type Story, switchesOf, TAKEN, UNKNOWN } from './support/story.ts'

vi.setConfig({ testTimeout: 60_000 })

type Move = (story: Story) => unknown
const trip =
  (cause: Cause): Move =>
  (story) =>
    story.trip(cause)
const word = { reason: '原因' }

/** Nothing in the way any more, and closed for long enough. */
const clear: Move = (story) => [
  story.say(CHIEF, 'release', word),
  story.say(CHIEF, 'unlock', word),
  story.push({ kind: 'online' }),
  story.closed({ kind: 'event', name: 'btn', mover: 'hand' }),
  story.wait(200_000),
]

/** All that may happen to one breaker: by its own, by hands, by the cloud, by three persons, and by time. */
const MOVES: Record<string, Move> = {
  ...Object.fromEntries([...CAUSES, 'unknown' as const].map((cause) => [cause, trip(cause)])),
  voltage: trip('under-voltage'),
  hand: (story) => story.closed({ kind: 'event', name: 'btn', mover: 'hand' }),
  opened: (story) => story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' } }),
  client: (story) => story.closed({ kind: 'order', extra: 'THEIRS' }),
  offline: (story) => story.push({ kind: 'offline' }),
  online: (story) => story.push({ kind: 'online' }),
  silent: (story) => story.happen({ type: 'silent', heardAt: story.state().heardAt ?? 0, every: 30_000 }),
  sag: (story) => story.push({ kind: 'state', positions: {}, readings: { voltage: 150 } }),
  answered: (story) => story.answered('closed'),
  taken: (story) => story.outcome(TAKEN),
  refused: (story) => story.outcome(REFUSED),
  unknownOutcome: (story) => story.outcome(UNKNOWN),
  lookedUp: (story) => story.lookedUp('open'),
  // What pure chance would seldom hit upon.
  attempt: (story) => [
    clear(story),
    story.trip('overload'),
    story.say(JIA, 'reclose'),
    story.say(JIA, 'confirm'),
  ],
  attemptByTwo: (story) => [
    clear(story),
    story.trip('leakage'),
    story.say(JIA, 'reclose'),
    story.say(YI, 'confirm'),
  ],
  attemptAndHold: (story) => [MOVES.attempt!(story), story.say(YI, 'hold', word)],
  reclosed: (story) => [
    clear(story),
    story.trip('under-voltage'),
    story.wait(5000),
    story.outcome(TAKEN),
    story.answered('closed'),
  ],
  clear: (story) => clear(story),
  ask: (story) => story.say(JIA, 'reclose'),
  confirm: (story) => story.say(JIA, 'confirm'),
  second: (story) => story.say(YI, 'confirm'),
  open: (story) => story.say(YI, 'open'),
  hold: (story) => story.say(YI, 'hold', word),
  holdToo: (story) => story.say(CHIEF, 'hold', word),
  release: (story) => story.say(YI, 'release'),
  releaseAll: (story) => story.say(CHIEF, 'release', word),
  unlock: (story) => story.say(CHIEF, 'unlock', word),
  stop: (story) => story.say(YI, 'stop'),
  wait: (story) => story.wait(5000),
  waitLong: (story) => story.wait(200_000),
  sleep: (story) => story.sleep(30_000),
}

const LIKELY = [
  'attempt',
  'attempt',
  'attempt',
  'attemptByTwo',
  'attemptByTwo',
  'reclosed',
  'reclosed',
  'voltage',
  'wait',
  'clear',
]

/** How the cloud says it stands when the command is about to leave. */
const fresh = fc.record({
  age: fc.constantFrom(0, 9_000, 10_001, 60_000),
  online: fc.constantFrom(true, true, false, undefined),
})

/** Whether the command would really leave, if it were its turn now. */
function leaves(
  story: Story,
  { age, online }: { age: number; online: boolean | undefined },
  shots: number,
): boolean {
  const asked: Fresh = { at: story.now() - age, ...(online !== undefined && { online }) }
  const request: Omit<CloseRequest, 'by' | 'operation' | 'fresh'> = {
    policy: { ...POLICY, closing: { ...POLICY.closing, voltageStable: 0 } },
    config: { ...PUMP, autoReclose: { ...AUTO, shots, causes: [...CAUSES, 'unknown'] } },
    breaker: story.state(),
    circuit: 'power',
    incident: story.incident(),
    now: story.now(),
  }
  return 'permit' in permitToClose({ ...request, fresh: asked }, story.operation()!)
}

function expectFree({ online, holds, circuits, silent }: BreakerState, isAutomatic: boolean): void {
  const { lockOut, opening } = circuits.power!
  expect(holdsOn(holds, 'power')).toEqual([])
  expect(isLockedOut(lockOut)).toBe(false)
  expect(online).not.toBe(false)
  if (!isAutomatic) return
  expect(silent).toBeUndefined()
  expect(opening).toEqual({ by: 'trip' })
}

test('no path closes while a hold, a lock-out, an offline or a stale state stands', () => {
  const seen = { byPerson: 0, automatic: 0, permits: 0 }
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...Object.keys(MOVES), ...LIKELY), fresh), {
        minLength: 5,
        maxLength: 30,
      }),
      fc.integer({ min: 1, max: 2 }),
      (moves, shots) => {
        const story = automatic({ shots, causes: [...CAUSES, 'unknown'] })
        let inSequence = 0
        for (const [name, cloud] of moves) {
          const told = story.decisions().length
          MOVES[name]!(story)
          for (const decision of story.decisions().slice(told)) {
            for (const { operation } of switchesOf(decision).filter((one) => one.to === 'closed')) {
              const isAutomatic =
                circuitState(decision.breaker, 'power').operation?.askedBy.automatic === true
              seen[isAutomatic ? 'automatic' : 'byPerson'] += 1
              expect(circuitState(decision.breaker, 'power').operation?.id).toBe(operation)
              expectFree(decision.breaker, isAutomatic)
              if (isAutomatic) inSequence += 1
              expect(inSequence).toBeLessThanOrEqual(shots)
            }
            const { closes, reclosing } = circuitState(decision.breaker, 'power')
            expect(shotsToday(closes, story.now())).toBeLessThanOrEqual(AUTO.perDay)
            if (!reclosing) inSequence = 0
          }
          // What waits to be sent leaves only with a permit, whatever has happened since.
          if (
            story.operation()?.stage === 'confirmed' &&
            story.operation()?.to === 'closed' &&
            leaves(story, cloud, shots)
          ) {
            seen.permits += 1
            expectFree(story.state(), false)
            expect(cloud.age).toBeLessThanOrEqual(10_000)
            expect(cloud.online).not.toBe(false)
            if (story.state().silent) expect(cloud.online).toBe(true)
          }
        }
      },
    ),
    { numRuns: 80 },
  )
  expect(seen.byPerson).toBeGreaterThan(3)
  expect(seen.automatic).toBeGreaterThan(3)
  expect(seen.permits).toBeGreaterThan(3)
})
