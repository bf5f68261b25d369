import fc from 'fast-check'
import { expect, test } from 'vitest'
import { message } from '../../src/domain/message.ts'
import {
  advanceReclosing,
  type Reclosing,
  type ReclosingEvent,
  TOO_LATE,
} from '../../src/domain/reclosing.ts'

const WHY = message('stop.done')

/** The machine with what stands around it, and how often it has closed since it was last well. */
interface World {
  machine: Reclosing | undefined
  now: number
  /** Locked out: the gate says no until somebody unlocks it. */
  locked: boolean
  held: boolean
  /** Automatic closes since the circuit was last closed for long enough, or in another way. */
  inSequence: number
}

type Move =
  | 'trip'
  | 'other trip'
  | 'bad trip'
  | 'due'
  | 'late'
  | 'hold'
  | 'release'
  | 'stop'
  | 'closed'
  | 'hand'
  | 'failed'
  | 'opened'
  | 'reclaimed'
const MOVES: readonly Move[] = [
  'trip',
  'other trip',
  'bad trip',
  'due',
  'late',
  'hold',
  'release',
  'stop',
  'closed',
  'hand',
  'failed',
  'opened',
  'reclaimed',
]

function eventOf({ machine, now, locked, held }: World, move: Move): ReclosingEvent | undefined {
  const barred = locked || held
  const trip = (incident: string, mayBegin: boolean): ReclosingEvent => ({
    type: 'tripped',
    at: now,
    id: `m${now}`,
    incident,
    mayBegin,
  })
  const due = (at: number): ReclosingEvent => ({
    type: 'due',
    at,
    step: machine?.step ?? 1,
    gate: barred ? 'no' : 'yes',
    patience: false,
    operation: `op${now}`,
    why: WHY,
  })
  switch (move) {
    case 'trip':
      return trip('one', !barred)
    case 'other trip':
      return trip('other', !barred)
    case 'bad trip':
      return trip('bad', false)
    case 'due':
      return due(machine?.nextAt ?? now)
    case 'late':
      return due((machine?.nextAt ?? now) + TOO_LATE + 1)
    case 'hold':
    case 'stop':
      return { type: 'stopped', why: WHY }
    case 'closed':
      return { type: 'closed', operation: machine?.operation }
    case 'hand':
      return { type: 'closed', operation: undefined }
    case 'failed':
      return { type: 'failed', operation: machine?.operation ?? '', why: WHY }
    case 'opened':
      return { type: 'opened' }
    case 'reclaimed':
      return { type: 'reclaimed' }
    case 'release':
      return undefined
  }
}

/** Makes a move and checks what must hold of it. */
function make(world: World, move: Move, shots: number): World {
  const event = eventOf(world, move)
  const before = world.machine
  const { next, deed } = event
    ? advanceReclosing(before, event, { deadTime: 5000, shots, looks: false })
    : { next: before, deed: undefined }
  const held = move === 'hold' || (world.held && move !== 'release')
  let { inSequence } = world
  if (deed === 'close') {
    inSequence += 1
    expect(before?.stage).toBe('waiting')
    expect([world.held, world.locked, move]).toEqual([false, false, 'due'])
  }
  expect(inSequence).toBeLessThanOrEqual(shots)
  if (deed === 'lock-out') expect(next?.stage).toBe('over')
  if (before?.stage === 'over') expect(deed === undefined || deed === 'watch').toBe(true)
  // Well again, or closed by somebody: a new sequence may begin.
  if (next === undefined) inSequence = 0
  return { machine: next, now: world.now + 1, locked: world.locked || deed === 'lock-out', held, inSequence }
}

/** Ids and times differ along ways that are the same otherwise. */
function keyOf({ machine, locked, held, inSequence }: World): string {
  const { stage, shot, incident, operation } = machine ?? {}
  return JSON.stringify([stage, shot, incident, operation !== undefined, locked, held, inSequence])
}

test.each([1, 2, 3])('every reachable state with %i shots, by every move', (shots) => {
  const start: World = { machine: undefined, now: 1, locked: false, held: false, inSequence: 0 }
  const known = new Map([[keyOf(start), start]])
  const open = [start]
  const stages = new Set<string | undefined>()
  for (let world = open.pop(); world; world = open.pop()) {
    stages.add(world.machine?.stage)
    for (const move of MOVES) {
      const next = make(world, move, shots)
      if (known.has(keyOf(next))) continue
      known.set(keyOf(next), next)
      open.push(next)
    }
  }
  expect(stages).toEqual(new Set([undefined, 'waiting', 'closing', 'watching', 'over']))
  expect(known.size).toBeGreaterThan(20 * shots)
})

test('any long way through it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...MOVES), { maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      (moves, shots) => {
        let world: World = { machine: undefined, now: 1, locked: false, held: false, inSequence: 0 }
        for (const move of moves) world = make(world, move, shots)
      },
    ),
    { numRuns: 500 },
  )
})
