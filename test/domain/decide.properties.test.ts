import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { type BreakerState, circuitState } from '../../src/domain/breaker.ts'
import type { Decision } from '../../src/domain/decision.ts'
import { isOpen } from '../../src/domain/incident.ts'
import { isBusy } from '../../src/domain/operation.ts'
import type { BreakerConfig } from '../../src/domain/policy.ts'
import type { Report } from '../../src/domain/report.ts'
import { anySteps, type Step } from './support/arbitraries.ts'
import { PEOPLE, PUMP, senderOf, TWIN } from './support/site.ts'
import { REFUSED, type Story, switchesOf, TAKEN, tellStory, UNKNOWN } from './support/story.ts'

vi.setConfig({ testTimeout: 30_000 })

const RUNS = 60
const breakers: [string, BreakerConfig][] = [
  ['one circuit', PUMP],
  ['two circuits', TWIN],
]

/** What was decided on a step, and how things stood before it. */
interface Played {
  step: Step
  before: BreakerState
  decision: Decision
  now: number
}

/** Plays steps on a breaker and checks after each what must always hold. */
function play(config: BreakerConfig, steps: Step[]): { story: Story; played: Played[] } {
  const story = tellStory({ config })
  const circuits = Object.keys(config.circuits)
  const reports: Report[] = []
  const played: Played[] = []
  for (const step of steps) {
    const before = story.state()
    const decision = playOne(story, circuits, reports, step)
    if (decision) played.push({ step, before, decision, now: story.now() })
    expectConsistent(story, circuits)
  }
  return { story, played }
}

function playOne(story: Story, circuits: string[], reports: Report[], step: Step): Decision | undefined {
  const busy = circuits.find((one) => story.operation(one)) ?? circuits[0]
  const operation = story.operation(busy)
  switch (step.do) {
    case 'report': {
      const extra = { ours: operation?.ref ?? 'NONE', foreign: 'T25030700001', none: undefined }[step.extra]
      const report: Report = {
        ...step.fields,
        id: `push-${reports.length}`,
        device: 'any',
        at: story.now() - step.late,
        ...(extra !== undefined && { extra }),
      }
      reports.push(report)
      return story.happen({ type: 'report', report })
    }
    case 'again': {
      const report = reports.at(-1 - step.back)
      if (!report) return undefined
      const [state, count] = [story.state(), story.incidents().length]
      const decision = story.happen({ type: 'report', report })
      expect([decision.breaker, decision.incidents, decision.effects]).toEqual([state, [], []])
      expect(story.incidents()).toHaveLength(count)
      return decision
    }
    case 'ask': {
      const { action, person, typed, circuit, anonymous } = step
      const now = story.incident(busy)?.id ?? operation?.id
      const subject = { now, old: story.incidents()[0]?.id, none: undefined }[step.subject]
      const nonce = { right: operation?.nonce, wrong: 'wrong', none: undefined }[step.nonce]
      return story.ask(person, action, {
        typed,
        anonymous,
        ...(circuit !== undefined && { circuit }),
        ...(subject !== undefined && { subject }),
        ...(nonce !== undefined && { nonce }),
      })
    }
    case 'outcome':
      if (!operation) return undefined
      return story.happen({
        type: 'control-outcome',
        operation: operation.id,
        outcome: { taken: TAKEN, refused: REFUSED, unknown: UNKNOWN }[step.result],
      })
    case 'look-up':
      return story.lookedUp(step.position, step.online)
    case 'wait':
      story.wait(step.ms)
      return undefined
  }
}

function expectConsistent(story: Story, circuits: string[]): void {
  const open = story.incidents().filter(isOpen)
  const standing = circuits.flatMap((one) => circuitState(story.state(), one).incident ?? [])
  expect(open.map((one) => one.id).sort()).toEqual(standing.sort())
  expect(new Set(open.map((one) => one.circuit)).size).toBe(open.length)
  for (const { circuit } of open) expect(story.position(circuit)).toBe('open')
  for (const circuit of circuits) {
    if (story.position(circuit) !== 'open') expect(story.opening(circuit)).toBeUndefined()
  }
}

describe.each(breakers)('whatever happens to a breaker of %s', (_, config) => {
  const steps = anySteps(Object.keys(config.circuits))

  test('incidents and positions agree, repeats change nothing, and it never throws', () => {
    fc.assert(
      fc.property(steps, (all) => {
        play(config, all)
      }),
      { numRuns: RUNS },
    )
  })

  test('only a confirmation in time, by a listed person who may, closes anything', () => {
    const seen = { closes: 0 }
    fc.assert(
      fc.property(steps, (all) => {
        for (const { step, before, decision, now } of play(config, all).played) {
          for (const { circuit } of switchesOf(decision).filter((one) => one.to === 'closed')) {
            seen.closes += 1
            expect(step).toMatchObject({ do: 'ask', action: 'confirm', anonymous: false })
            if (step.do !== 'ask') continue
            const asked = circuitState(before, circuit).operation
            const person = PEOPLE.find((one) => one.ids.telegram === senderOf(step.person))
            expect(person?.role).toMatch(/operator|admin/)
            expect(asked).toMatchObject({ stage: 'asked', to: 'closed' })
            expect(now).toBeLessThan(asked?.expiresAt ?? 0)
            expect(asked?.askedBy.person === person?.name).toBe(!asked?.secondPerson)
            if (!step.typed) expect(step.nonce).toBe('right')
            expect(before.online).not.toBe(false)
            expect(circuitState(before, circuit).position).not.toBe('closed')
          }
        }
      }),
      { numRuns: RUNS },
    )
    expect(seen.closes).toBeGreaterThan(5)
  })

  test('no circuit has two commands under way, and none leaves twice', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { played, story } = play(config, all)
        for (const { before, decision, now } of played) {
          for (const { circuit } of switchesOf(decision)) {
            expect(isBusy(circuitState(before, circuit).operation, now)).toBe(false)
          }
        }
        const ids = story
          .decisions()
          .flatMap(switchesOf)
          .map((one) => one.operation)
        expect(ids).toEqual([...new Set(ids)])
      }),
      { numRuns: RUNS },
    )
  })

  test('neither a report, a timer nor an outcome ever switches', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { played, story } = play(config, all)
        const byAsk = played.filter((one) => one.step.do === 'ask').map((one) => one.decision)
        const others = story.decisions().filter((one) => !byAsk.includes(one))
        expect(others.flatMap(switchesOf)).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })
})
