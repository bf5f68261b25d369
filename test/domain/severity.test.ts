import { describe, expect, test } from 'vitest'
import { isAtLeast, severityOf, USUAL_SEVERITY } from '../../src/domain/severity.ts'
import { PUMP } from './support/site.ts'
import { TAKEN, tellStory } from './support/story.ts'

const HOUR = 3_600_000
const WEEK = 168 * HOUR

/** Trips, and is closed again by the lever. */
function trips(story: ReturnType<typeof tellStory>, cause = 'overload' as const) {
  story.trip(cause)
  const incident = story.incident()!
  story.wait(HOUR)
  story.closed()
  return incident
}

describe('how grave an incident is', () => {
  test.each([
    ['overload', 'critical'],
    ['unknown', 'critical'],
    ['under-voltage', 'warning'],
    ['phase-loss', 'warning'],
  ] as const)('%s is %s', (cause, severity) => {
    const story = tellStory()
    story.trip(cause)
    expect(story.incident()).toMatchObject({ severity })
  })

  test('follows the configuration: by cause, and the breaker’s own first', () => {
    const severity = {
      ...USUAL_SEVERITY,
      causes: { ...USUAL_SEVERITY.causes, overload: 'info', leakage: 'warning' },
    } as const
    const story = tellStory({ policy: { severity } })
    story.trip('overload')
    expect(story.incident()?.severity).toBe('info')
    const own = tellStory({ policy: { severity }, config: { ...PUMP, severity: 'warning' } })
    own.trip('overload')
    expect(own.incident()?.severity).toBe('warning')
    expect(own.card().rows).toContainEqual({
      label: { key: 'row.severity' },
      value: { key: 'severity.warning' },
    })
  })

  test('is renewed when the cause becomes known', () => {
    const story = tellStory()
    story.trip('unknown')
    expect(story.incident()?.severity).toBe('critical')
    story.trip('under-voltage')
    expect(story.incident()).toMatchObject({ cause: 'under-voltage', severity: 'warning' })
  })

  test('weighs one step more from the third trip within a week on, and the card says which it is', () => {
    const story = tellStory({ config: { ...PUMP, severity: 'info' } })
    expect(trips(story)).not.toHaveProperty('tripNumber')
    expect(trips(story)).toMatchObject({ severity: 'info', tripNumber: 2 })
    expect(trips(story)).toMatchObject({ severity: 'warning', tripNumber: 3, tripsWithin: WEEK })
    story.trip('overload')
    expect(story.incident()).toMatchObject({ severity: 'warning', tripNumber: 4 })
    expect(story.card().notes).toContainEqual({
      key: 'note.trip-number',
      values: { count: 4, span: { key: 'duration.days', values: { days: 7 } } },
    })
  })

  test('counts trips of the last week only, and one told twice once', () => {
    const story = tellStory()
    trips(story)
    story.wait(WEEK)
    expect(trips(story)).not.toHaveProperty('tripNumber')
    story.wait(HOUR)
    story.trip('overload')
    story.wait(1000)
    story.trip('overload')
    story.wait(1000)
    story.trip('leakage')
    expect(story.incident()).toMatchObject({ tripNumber: 2 })
  })

  test('does not count a trip that was somebody’s hand', () => {
    const story = tellStory()
    story.closed()
    story.push({ kind: 'state', positions: { power: 'open' } })
    expect(story.incident()).toBeDefined()
    story.push({ kind: 'event', positions: { power: 'open' }, mover: 'hand' })
    expect(story.incident()).toBeUndefined()
    story.wait(HOUR)
    story.closed()
    story.trip('overload')
    expect(story.incident()).not.toHaveProperty('tripNumber')
  })

  test('never counts where that is switched off', () => {
    const severity = { ...USUAL_SEVERITY, repeats: { count: 0, within: WEEK } }
    const story = tellStory({ policy: { severity } })
    for (let trip = 0; trip < 5; trip++)
      expect(trips(story, 'under-voltage' as never).severity).toBe('warning')
  })

  test('is critical where it trips again after our close, whatever its breaker’s own', () => {
    const story = tellStory({ config: { ...PUMP, severity: 'info' } })
    story.closed()
    story.trip('overload')
    story.press('电工甲', 'reclose')
    story.press('电工甲', 'confirm')
    story.outcome(TAKEN)
    story.answered('closed')
    story.wait(5000)
    story.trip('overload')
    expect(story.state().circuits.power?.lockOut).toMatchObject({ why: 're-trip' })
    expect(story.incident()).toMatchObject({ severity: 'critical', cameBack: true })
    story.trip('under-voltage')
    expect(story.incident()?.severity).toBe('critical')
  })

  test('is critical after a short circuit, which locks out, whatever its breaker’s own', () => {
    const story = tellStory({ config: { ...PUMP, severity: 'info' } })
    story.trip('short-circuit')
    expect(story.incident()?.severity).toBe('critical')
  })

  test('is read of incidents of before it was kept', () => {
    expect(severityOf({ cause: 'under-voltage' })).toBe('warning')
    expect(severityOf({ cause: 'under-voltage', severity: 'critical' })).toBe('critical')
    expect(isAtLeast('warning', 'warning') && isAtLeast('critical', 'warning')).toBe(true)
    expect(isAtLeast('info', 'warning')).toBe(false)
  })
})
