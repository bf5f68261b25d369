import { describe, expect, it, test } from 'vitest'
import { decide } from '../../src/domain/decide.ts'
import type { Operation } from '../../src/domain/operation.ts'
import { CHAT, CHIEF, JIA, POLICY, PUMP, STRANGER, TWIN, VIEWER, YI } from './support/site.ts'
import {
  REFUSED,
  replyOf,
  type Story,
  switchesOf,
  TAKEN,
  tellStory,
  tripped,
  UNKNOWN,
} from './support/story.ts'

const stage = (story: Story) => story.operation()?.stage

/** Overload, asked by 甲. */
function asked(): Story {
  const story = tripped()
  story.press(JIA, 'reclose')
  return story
}

/** Overload, confirmed by 甲. */
function confirmed(): Story {
  const story = asked()
  story.press(JIA, 'confirm')
  return story
}

/** Overload, the command taken by the cloud. */
function sent(): Story {
  const story = confirmed()
  story.outcome(TAKEN)
  return story
}

test('trip → acknowledge → reclose → confirm → taken → order push → closed', () => {
  const story = tripped()
  expect(story.incident()).toMatchObject({ status: 'open', cause: 'overload', circuit: 'power' })

  expect(replyOf(story.press(JIA, 'ack'))).toBe('done: ack.done')
  expect(story.incident()).toMatchObject({ status: 'acknowledged', owner: { person: JIA } })

  const ask = story.press(JIA, 'reclose')
  expect(replyOf(ask)).toBe('done: close.asked')
  expect(switchesOf(ask)).toEqual([])
  expect(story.card().buttons.map((one) => one.action)).toEqual(['confirm', 'cancel'])

  const confirm = story.press(JIA, 'confirm')
  const { id, ref } = story.operation() as Operation
  expect(replyOf(confirm)).toBe('done: confirm.done')
  expect(switchesOf(confirm)).toEqual([{ do: 'switch', operation: id, circuit: 'power', to: 'closed', ref }])
  expect(story.timers()).toEqual([])

  story.outcome(TAKEN)
  expect(stage(story)).toBe('sent')
  expect(story.position()).toBe('open')

  const [incident] = story.incidents()
  story.answered('closed')
  expect(stage(story)).toBe('done')
  expect(story.position()).toBe('closed')
  expect(story.incident()).toBeUndefined()
  expect(story.timers()).toEqual([])
  const [resolved] = story.incidents()
  expect(resolved).toMatchObject({ id: incident?.id, status: 'resolved', owner: { person: JIA } })
  expect(resolved?.story.map((line) => line.text.key)).toEqual([
    'story.acknowledged',
    'story.asked',
    'story.confirmed',
    'story.closed',
  ])
  expect(story.card().buttons.map((one) => one.action)).toEqual(['energy'])
})

test('the reference of a command is short, and of letters and digits only', () => {
  expect(asked().operation()?.ref).toMatch(/^[A-Z0-9]{12}$/)
})

test('every step but the energy button grows the version of the card', () => {
  const story = tripped()
  const versions = [story.card().version]
  const steps = [
    () => story.press(JIA, 'ack'),
    () => story.press(JIA, 'reclose'),
    () => story.press(JIA, 'confirm'),
    () => story.outcome(TAKEN),
    () => story.answered('closed'),
  ]
  for (const step of steps) {
    step()
    versions.push(story.card().version)
  }
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
})

describe('whoever may not act changes nothing', () => {
  const actions = ['ack', 'reclose', 'open', 'confirm', 'cancel'] as const
  test.each(actions)('%s by a stranger, a viewer, somebody anonymous', (action) => {
    const story = asked()
    const before = story.state()
    const decisions = [
      story.press(STRANGER, action),
      story.press(VIEWER, action),
      story.press(JIA, action, { anonymous: true }),
    ]
    expect(decisions.map(replyOf)).toEqual([
      'refused: ask.stranger',
      'refused: gate.role',
      'refused: ask.anonymous',
    ])
    for (const { breaker, incidents, effects, audit } of decisions) {
      expect([breaker, incidents, effects]).toEqual([before, [], []])
      expect(audit).toMatchObject([{ what: `${action}.refused` }])
    }
  })

  test('an id counts on its own platform only', () => {
    const people = [{ name: JIA, role: 'operator', ids: { telegram: 'jia' } } as const]
    const story = tripped('overload', { policy: { people: [...people] } })
    expect(replyOf(story.press(JIA, 'ack', { channel: 'wecom' }))).toBe('refused: ask.stranger')
    expect(replyOf(story.press(JIA, 'ack'))).toBe('done: ack.done')
  })
})

describe('acknowledging', () => {
  test('twice by the same person, then by another', () => {
    const story = tripped()
    story.press(JIA, 'ack')
    expect(replyOf(story.press(JIA, 'ack'))).toBe('done: ack.already-yours')
    const late = story.press(YI, 'ack')
    expect(replyOf(late)).toBe('done: ack.already')
    expect(late.effects).toEqual([])
    expect(story.incident()?.owner?.person).toBe(JIA)
  })

  test('where nothing is open', () => {
    const story = tellStory()
    story.closed()
    expect(replyOf(story.say(JIA, 'ack'))).toBe('refused: ack.nothing')
  })
})

describe('refused to be asked', () => {
  const refusal = (reason: string) => `refused: close.refused (gate.${reason})`

  test('a short circuit, by anybody', () => {
    for (const person of [JIA, CHIEF]) {
      const story = tripped('short-circuit')
      expect(replyOf(story.press(person, 'reclose'))).toBe(refusal('short-circuit'))
      expect(story.operation()).toBeUndefined()
    }
  })
  test('an offline breaker', () => {
    const story = tripped()
    story.push({ kind: 'offline' })
    expect(replyOf(story.press(JIA, 'reclose'))).toBe(refusal('offline'))
  })
  test('alerting only', () => {
    const story = tripped('overload', { policy: { actuation: false } })
    expect(replyOf(story.press(JIA, 'reclose'))).toBe(refusal('actuation-off'))
    expect(replyOf(story.say(JIA, 'open'))).toBe('refused: gate.actuation-off')
    expect(replyOf(story.press(JIA, 'ack'))).toBe('done: ack.done')
  })
  test('a model whose lever cannot be engaged from afar', () => {
    const story = tripped('overload', { config: { ...PUMP, remoteClose: false } })
    expect(replyOf(story.press(JIA, 'reclose'))).toBe(refusal('no-remote-close'))
  })
  test('one that is closed', () => {
    const story = tellStory()
    story.closed()
    expect(replyOf(story.say(JIA, 'reclose'))).toBe(refusal('already-closed'))
  })
  test('while another command is under way', () => {
    expect(replyOf(sent().press(YI, 'reclose'))).toBe(refusal('busy'))
  })
  test('all reasons are told at once', () => {
    const config = { ...PUMP, remoteClose: false }
    const story = tripped('short-circuit', { config, policy: { actuation: false } })
    story.push({ kind: 'offline' })
    expect(replyOf(story.press(JIA, 'reclose'))).toBe(
      'refused: close.refused (gate.actuation-off, gate.no-remote-close, gate.offline, gate.short-circuit)',
    )
  })
  test('while another person has asked', () => {
    expect(replyOf(asked().press(YI, 'reclose'))).toBe('refused: close.asked-by-other')
  })
})

describe('asked', () => {
  test('again by the same person: the first asking is void', () => {
    const story = asked()
    const first = story.operation() as Operation
    story.wait(30_000)
    story.press(JIA, 'reclose')
    expect(story.timers()).toEqual([`confirm:${story.operation()?.id}`])
    expect(replyOf(story.press(JIA, 'confirm', { nonce: first.nonce }))).toBe('refused: ask.superseded')
    expect(replyOf(story.press(JIA, 'confirm'))).toBe('done: confirm.done')
  })

  test('by a typed command: a fresh card in that chat', () => {
    const story = tripped()
    const { effects } = story.say(JIA, 'reclose')
    expect(effects).toContainEqual({ do: 'card', subject: story.incident()?.id, urgent: true, freshIn: CHAT })
    expect(replyOf(story.say(JIA, 'confirm'))).toBe('done: confirm.done')
  })

  test('nobody confirms: it runs out', () => {
    const story = asked()
    story.wait(60_000)
    expect(stage(story)).toBe('expired')
    expect(replyOf(story.press(JIA, 'confirm'))).toBe('refused: confirm.expired')
    expect(replyOf(story.press(JIA, 'cancel'))).toBe('refused: cancel.nothing')
    expect(story.card().buttons.map((one) => one.action)).toEqual(['ack', 'reclose', 'energy'])
  })

  test('a confirmation that comes before the timer but too late is refused', () => {
    const story = asked()
    const { expiresAt } = story.operation() as Operation
    story.wait(expiresAt - story.now() - 1)
    expect(stage(story)).toBe('asked')
    story.happen({ type: 'confirm-expired', operation: 'another' })
    expect(replyOf(story.press(JIA, 'confirm'))).toBe('done: confirm.done')
  })

  test('cancelled, by anybody who might have confirmed', () => {
    const story = asked()
    expect(replyOf(story.press(YI, 'cancel', { nonce: 'wrong' }))).toBe('refused: ask.superseded')
    expect(replyOf(story.press(YI, 'cancel'))).toBe('done: cancel.done')
    expect(story.timers()).toEqual([])
    expect(replyOf(story.press(JIA, 'confirm'))).toBe('refused: confirm.expired')
  })

  test('closed meanwhile at the breaker: nothing is left to confirm', () => {
    const story = asked()
    story.closed({ kind: 'event', name: 'btn', mover: 'hand' })
    expect(stage(story)).toBe('cancelled')
    expect(story.incidents()[0]?.story.at(-1)?.text.key).toBe('story.closed-by-hand')
    expect(replyOf(story.say(JIA, 'confirm'))).toBe('refused: confirm.expired')
  })

  test('another fault meanwhile: what was asked is void', () => {
    const story = asked()
    const old = story.incident()?.id ?? ''
    const before = story.operation() as Operation
    story.trip('leakage')
    expect(stage(story)).toBe('cancelled')
    expect(replyOf(story.press(JIA, 'confirm', { subject: old, nonce: before.nonce }))).toBe(
      'refused: ask.superseded',
    )
    expect(replyOf(story.press(JIA, 'confirm', { nonce: before.nonce }))).toBe('refused: confirm.expired')
  })
})

describe('confirmed', () => {
  test('only by the one who asked', () => {
    const story = asked()
    expect(replyOf(story.press(YI, 'confirm'))).toBe('refused: confirm.only-asker')
    expect(stage(story)).toBe('asked')
  })

  test('a button without the word of this asking', () => {
    const story = asked()
    const { nonce: _, ...fields } = { nonce: undefined, subject: story.incident()?.id ?? '' }
    expect(replyOf(story.ask(JIA, 'confirm', fields))).toBe('refused: ask.superseded')
    expect(replyOf(story.press(JIA, 'confirm', { nonce: 'forged' }))).toBe('refused: ask.superseded')
    expect(stage(story)).toBe('asked')
  })

  test('a second press is answered and switches nothing', () => {
    const story = confirmed()
    const again = story.press(JIA, 'confirm')
    expect(replyOf(again)).toBe('done: confirm.already')
    expect(switchesOf(again)).toEqual([])
  })

  test('the gate is asked again', () => {
    const story = asked()
    story.push({ kind: 'offline' })
    const confirm = story.press(JIA, 'confirm')
    expect(replyOf(confirm)).toBe('refused: close.refused (gate.offline)')
    expect(switchesOf(confirm)).toEqual([])
    expect(stage(story)).toBe('failed')
    expect(story.timers().filter((id) => !id.startsWith('away:'))).toEqual([])
  })

  test('a button of an incident that is over', () => {
    const story = sent()
    const subject = story.incident()?.id ?? ''
    story.answered('closed')
    for (const action of ['ack', 'reclose', 'confirm', 'cancel'] as const) {
      expect(replyOf(story.press(JIA, action, { subject }))).toBe('refused: ask.superseded')
    }
    expect(replyOf(story.press(JIA, 'reclose', { subject: 'never-was' }))).toBe('refused: ask.superseded')
  })
})

describe('a second person', () => {
  const causes = ['leakage', 'over-temperature', 'unknown'] as const
  test.each(causes)('is needed after %s', (cause) => {
    const story = tripped(cause)
    expect(replyOf(story.press(JIA, 'reclose'))).toBe('done: close.asked-second')
    expect(replyOf(story.press(JIA, 'confirm'))).toBe('refused: confirm.needs-other')
    expect(replyOf(story.press(JIA, 'confirm', { channel: 'wecom' }))).toBe('refused: confirm.needs-other')
    expect(switchesOf(story.press(YI, 'confirm'))).toHaveLength(1)
    story.outcome(TAKEN)
    story.answered('closed')
    expect(story.incidents()[0]?.story.at(-1)?.text).toMatchObject({ values: { person: YI } })
  })

  test('is needed where somebody opened it on purpose, but not for the one who did', () => {
    const story = tellStory()
    story.closed()
    story.say(JIA, 'open')
    story.answered('open')
    expect(replyOf(story.say(YI, 'reclose'))).toBe('done: close.asked-second')
    story.say(YI, 'cancel')
    expect(replyOf(story.say(JIA, 'reclose'))).toBe('done: close.asked')
    expect(switchesOf(story.say(JIA, 'confirm'))).toHaveLength(1)
  })

  test('is needed where it is not known why it stands open', () => {
    const story = tellStory()
    story.push({ kind: 'state', positions: { power: 'open' } })
    expect(replyOf(story.say(JIA, 'reclose'))).toBe('done: close.asked-second')
  })

  test('is needed once somebody else has opened it again', () => {
    const story = tellStory()
    story.closed()
    story.say(JIA, 'open')
    story.answered('open')
    story.say(JIA, 'reclose')
    story.wait(1000)
    story.push({ kind: 'order', positions: { power: 'closed' }, extra: 'FOREIGN' })
    story.push({ name: 'btn', mover: 'hand', positions: { power: 'open' } })
    expect(stage(story)).toBe('cancelled')
    expect(replyOf(story.say(JIA, 'reclose'))).toBe('done: close.asked-second')
  })
})

test('a confirming step that no longer suffices', () => {
  const story = tripped('leakage')
  story.press(JIA, 'reclose')
  const { circuits, ...breaker } = story.state()
  const operation = { ...(story.operation() as Operation), secondPerson: false }
  const lenient = { ...breaker, circuits: { power: { ...circuits.power, operation } } }
  const confirm = decide(
    { config: PUMP, breaker: lenient, incidents: story.incidents() },
    {
      type: 'ask',
      action: 'confirm',
      channel: 'telegram',
      sender: 'jia',
      anonymous: false,
      chat: CHAT,
      typed: true,
    },
    { policy: POLICY, now: story.now(), newId: () => 'random' },
  )
  expect(replyOf(confirm)).toBe('refused: confirm.needs-other')
  expect(switchesOf(confirm)).toEqual([])
})

describe('what becomes of the command', () => {
  test('refused by the cloud', () => {
    const story = confirmed()
    story.outcome(REFUSED)
    expect(story.operation()).toMatchObject({
      stage: 'failed',
      why: REFUSED.result === 'refused' && REFUSED.why,
    })
    expect(story.timers()).toEqual([])
    expect(replyOf(story.press(JIA, 'reclose'))).toBe('done: close.asked')
  })

  test('taken, but nothing comes back: looked up, then called not confirmed', () => {
    const story = sent()
    story.wait(9999)
    expect(stage(story)).toBe('sent')
    story.wait(1)
    expect(story.decisions().at(-1)?.effects).toEqual([
      { do: 'look-up', operation: story.operation()?.id, circuit: 'power' },
    ])
    story.lookedUp('open', true)
    expect(story.operation()).toMatchObject({ stage: 'unconfirmed', why: { key: 'operation.not-confirmed' } })
    expect(story.position()).toBe('open')
  })

  test('looked up and closed', () => {
    const story = sent()
    story.wait(10_000)
    story.lookedUp('closed')
    expect(stage(story)).toBe('done')
    expect(story.incidents()[0]).toMatchObject({ status: 'resolved' })
    expect(story.incidents()[0]?.story.at(-1)?.text).toMatchObject({
      key: 'story.closed',
      values: { person: JIA },
    })
  })

  test('looked up and offline, or no answer at all', () => {
    const offline = sent()
    offline.wait(10_000)
    offline.lookedUp(undefined, false)
    expect(offline.operation()).toMatchObject({
      stage: 'unconfirmed',
      why: { key: 'operation.went-offline' },
    })
    const silent = sent()
    silent.wait(10_000)
    silent.lookedUp()
    expect(silent.operation()).toMatchObject({
      stage: 'unconfirmed',
      why: { key: 'operation.not-confirmed' },
    })
  })

  test('an unknown outcome is looked up sooner, and never sent again', () => {
    const story = confirmed()
    story.outcome(UNKNOWN)
    expect(story.operation()).toMatchObject({ stage: 'sent', why: { key: 'operation.unknown' } })
    story.wait(2000)
    expect(story.decisions().at(-1)?.effects).toMatchObject([{ do: 'look-up' }])
    story.lookedUp('open')
    expect(story.decisions().flatMap(switchesOf)).toHaveLength(1)
  })

  test('the order push comes before the outcome of the call', () => {
    const story = confirmed()
    story.answered('closed')
    expect(stage(story)).toBe('done')
    expect(story.outcome(TAKEN).effects).toEqual([])
    expect(stage(story)).toBe('done')
  })

  test('the report comes after it was called not confirmed', () => {
    const story = sent()
    story.wait(10_000)
    story.lookedUp('open')
    story.wait(5000)
    story.answered('closed')
    expect(stage(story)).toBe('done')
    expect(story.incidents()[0]?.story.at(-1)?.text).toMatchObject({
      key: 'story.closed',
      values: { person: JIA },
    })
  })

  test('closed at the breaker hours after it was called not confirmed: nobody is named', () => {
    const story = sent()
    story.wait(10_000)
    story.lookedUp('open')
    story.wait(5 * 3_600_000)
    story.closed()
    expect(story.incidents()[0]).toMatchObject({ status: 'resolved' })
    expect(story.incidents()[0]?.story.at(-1)?.text.key).toBe('story.closed-by-unknown')
  })

  test('an order push that says it is still open proves nothing', () => {
    const story = sent()
    const said = story.answered('open')
    expect(said.effects).toEqual([])
    expect(stage(story)).toBe('sent')
    expect(story.opening()).toBe('trip')
  })

  test.each([
    ['a state', { kind: 'state' }, 'story.closed'],
    ['our order', { kind: 'order', extra: 'ours' }, 'story.closed'],
    ['a hand at the breaker', { kind: 'event', mover: 'hand' }, 'story.closed-by-hand'],
    ['another client', { kind: 'order', extra: 'theirs' }, 'story.closed-by-client'],
  ] as const)('while it is under way, %s closes it', (_, fields, key) => {
    const story = sent()
    const ours = 'extra' in fields && fields.extra === 'ours' && { extra: story.operation()?.ref ?? '' }
    story.closed({ ...fields, ...ours })
    expect(stage(story)).toBe('done')
    expect(story.incidents()[0]?.story.at(-1)?.text.key).toBe(key)
  })

  test('events of an operation that another one has replaced change nothing', () => {
    const story = asked()
    const before = story.state()
    const decisions = [
      story.happen({ type: 'control-outcome', operation: 'old', outcome: TAKEN }),
      story.happen({ type: 'feedback-due', operation: 'old' }),
      story.happen({ type: 'looked-up', operation: 'old' }),
    ]
    for (const { breaker, effects } of decisions) expect([breaker, effects]).toEqual([before, []])
  })
})

describe('a trip while the command is under way', () => {
  it('has failed when the same fault comes again', () => {
    const story = sent()
    story.wait(500)
    story.trip('overload')
    expect(story.operation()).toMatchObject({ stage: 'failed', why: { key: 'operation.tripped' } })
    expect(story.incidents()).toHaveLength(1)
    expect(story.incident()).toMatchObject({ status: 'open', repeats: 1 })
    expect(replyOf(story.press(JIA, 'reclose'))).toBe('refused: close.refused (gate.re-trip)')
  })

  it('has failed when another fault comes', () => {
    const story = sent()
    story.wait(500)
    story.trip('leakage')
    expect(stage(story)).toBe('failed')
    expect(story.incidents().map((one) => one.status)).toEqual(['resolved', 'open'])
  })

  it('has failed where it had not even left', () => {
    const story = confirmed()
    story.wait(500)
    story.trip('overload')
    expect(stage(story)).toBe('failed')
    expect(story.outcome(TAKEN).effects).toEqual([])
    expect(stage(story)).toBe('failed')
  })

  it('goes on when a state names the old fault once more', () => {
    const story = sent()
    story.push({ kind: 'state', positions: { power: 'open' }, fault: { cause: 'overload', raw: 'overload' } })
    expect(stage(story)).toBe('sent')
  })

  it('goes on when an event from before the confirmation comes late', () => {
    const story = sent()
    story.trip('overload', { at: story.now() - 500 })
    expect(stage(story)).toBe('sent')
  })

  it('begins a new incident when it had closed', () => {
    const story = sent()
    story.answered('closed')
    story.wait(20_000)
    story.trip('overload')
    expect(stage(story)).toBe('done')
    expect(story.incidents().map((one) => one.status)).toEqual(['resolved', 'open'])
  })
})

describe('a breaker of two circuits', () => {
  const bothClosed = { power1: 'closed', power2: 'closed' } as const
  function twin(): Story {
    const story = tellStory({ config: TWIN })
    story.push({ kind: 'state', positions: bothClosed })
    story.wait(1000)
    return story
  }

  test('a word without a circuit means the only one that it can', () => {
    const story = twin()
    story.push({ mover: 'trip', positions: { power1: 'closed', power2: 'open' } })
    expect(replyOf(story.say(JIA, 'ack'))).toBe('done: ack.done')
    expect(replyOf(story.say(JIA, 'reclose'))).toBe('done: close.asked-second')
    expect(switchesOf(story.say(YI, 'confirm'))).toMatchObject([{ circuit: 'power2', to: 'closed' }])
    expect(replyOf(story.say(JIA, 'open'))).toBe('done: open.done')
    expect(story.operation('power1')).toMatchObject({ to: 'open', stage: 'confirmed' })
  })

  test('else it asks which', () => {
    const story = twin()
    expect(replyOf(story.say(JIA, 'open'))).toBe('refused: ask.which-circuit')
    expect(replyOf(story.say(JIA, 'reclose'))).toBe('refused: ask.which-circuit')
    expect(replyOf(story.say(JIA, 'open', { circuit: 'power3' }))).toBe('refused: ask.which-circuit')
    expect(switchesOf(story.say(JIA, 'open', { circuit: 'power2' }))).toMatchObject([{ circuit: 'power2' }])
  })

  test('both trip: two incidents, each closed by itself', () => {
    const story = twin()
    story.push({
      mover: 'trip',
      positions: { power1: 'open', power2: 'open' },
      fault: { cause: 'overload', raw: 'overload' },
    })
    expect(story.incidents().map((one) => one.circuit)).toEqual(['power1', 'power2'])
    story.push({ kind: 'state', positions: { power1: 'closed', power2: 'open' } })
    expect(story.incidents().map((one) => one.status)).toEqual(['resolved', 'open'])
  })
})
