import { describe, expect, it, test } from 'vitest'
import { type BreakerState, type CircuitState, newBreaker } from '../../src/domain/breaker.ts'
import { type Judgement, judge } from '../../src/domain/judgement.ts'
import type { Operation } from '../../src/domain/operation.ts'
import type { Report } from '../../src/domain/report.ts'
import { actor, CHAT, EIGHT, JIA, PUMP, report } from './support/site.ts'

const NOW = EIGHT + 60_000

function breaker(circuits: Record<string, CircuitState>): BreakerState {
  return { ...newBreaker(PUMP.id), circuits }
}

function operation(fields: Partial<Operation>): Operation {
  return {
    id: 'operation',
    ref: 'OURS',
    to: 'closed',
    stage: 'sent',
    version: 1,
    askedBy: actor(JIA),
    askedAt: NOW - 1000,
    sentAt: NOW - 500,
    chat: CHAT,
    nonce: 'nonce',
    expiresAt: NOW + 60_000,
    secondPerson: false,
    ...fields,
  }
}

const closed: CircuitState = { position: 'closed', since: EIGHT }
const byTrip: CircuitState = { position: 'open', since: EIGHT, opening: { by: 'trip' } }
const byHand: CircuitState = { position: 'open', since: EIGHT, opening: { by: 'hand' } }
const nothing: CircuitState = {}
const opening = (fields: Partial<Operation> = {}): CircuitState => ({
  ...closed,
  operation: operation({ to: 'open', ...fields }),
})
const closing = (fields: Partial<Operation> = {}): CircuitState => ({
  ...byTrip,
  operation: operation(fields),
})

const open = { power: 'open' } as const
const shut = { power: 'closed' } as const
const overload = { cause: 'overload', raw: '过载' } as const
const odd = { cause: 'unknown', raw: 'E07' } as const

/** One word for a judgement, so that a table of them can be read. */
function told(one: Judgement): string {
  switch (one.kind) {
    case 'tripped': {
      const cause = one.cause === 'unknown' && one.raw ? `«${one.raw}»` : one.cause
      return `tripped ${cause} by ${one.discovery}${one.fresh ? '' : ', known'}`
    }
    case 'opened':
    case 'closed':
      return `${one.kind} by ${one.by}`
    case 'found':
      return `found ${one.position}`
    case 'warning':
    case 'unknown':
      return `${one.kind} «${one.raw}»`
    default:
      return one.kind
  }
}

function judged(state: CircuitState, fields: Partial<Report>): string {
  const judgements = judge(breaker({ power: state }), report({ at: NOW, ...fields }), ['power'])
  return judgements.map(told).join(' + ')
}

type Row = [what: string, before: CircuitState, push: Partial<Report>, judgement: string]

const order = (fields: Partial<Report>): Partial<Report> => ({ kind: 'order', ...fields })
const state = (fields: Partial<Report>): Partial<Report> => ({ kind: 'state', ...fields })
const boot = (fields: Partial<Report>): Partial<Report> => ({ name: 'boot', ...fields })
const trip = (fields: Partial<Report>): Partial<Report> => ({ name: 'trip', mover: 'trip', ...fields })
const hand = (fields: Partial<Report>): Partial<Report> => ({ name: 'btn', mover: 'hand', ...fields })

describe('the protocol: telling a trip from a switch-off', () => {
  test.each<Row>([
    ['order push, our extra', opening(), order({ positions: open, extra: 'OURS' }), 'opened by command'],
    ['order push, no extra', closed, order({ positions: open }), 'opened by client'],
    [
      'order push, no extra, while ours is under way',
      opening(),
      order({ positions: open }),
      'opened by client',
    ],
    ['order push, foreign extra', closed, order({ positions: open, extra: 'THEIRS' }), 'opened by client'],
    ['event push, a name that says hand', closed, hand({ positions: open }), 'opened by hand'],
    ['event push, a name that says trip', closed, trip({ positions: open }), 'tripped unknown by event'],
    ['event push, a fault', closed, { positions: open, fault: overload }, 'tripped overload by event'],
    ['event push, nothing more', closed, { positions: open }, 'tripped unknown by event'],
    ['event push, a name nobody knows', closed, { name: 'ev9', positions: open }, 'tripped «ev9» by event'],
    ['offline is no proof of a trip', closed, { kind: 'offline' }, 'offline'],
    [
      'offline, whatever else it says',
      closed,
      { kind: 'offline', positions: open, fault: overload },
      'offline',
    ],
  ])('%s', (_, before, push, judgement) => expect(judged(before, push)).toBe(judgement))
})

describe('open', () => {
  test.each<Row>([
    ['a state tells of it first', closed, state({ positions: open }), 'tripped unknown by state'],
    [
      'a state with a fault',
      closed,
      state({ positions: open, fault: overload }),
      'tripped overload by state',
    ],
    [
      'a state whose name is no cause',
      closed,
      state({ name: 'metering', positions: open }),
      'tripped unknown by state',
    ],
    ['a fault that is not known', closed, { positions: open, fault: odd }, 'tripped «E07» by event'],
    ['booted open', closed, boot({ positions: open }), 'tripped unknown by boot'],
    ['came online open', closed, { kind: 'online', positions: open }, 'online + tripped unknown by boot'],
    [
      'a fault goes before a hand',
      closed,
      hand({ positions: open, fault: overload }),
      'tripped overload by event',
    ],
    ['known open, again', byTrip, state({ positions: open }), 'reading'],
    ['known open, by an order', byTrip, order({ positions: open }), 'reading'],
    ['known open, by a hand', byTrip, hand({ positions: open }), 'reading'],
    ['known open, by a nameless event', byTrip, { positions: open }, 'reading'],
    ['known open, tripped again', byTrip, trip({ positions: open }), 'tripped unknown by event'],
    [
      'known open, the fault again by event',
      byTrip,
      { positions: open, fault: overload },
      'tripped overload by event',
    ],
    [
      'known open, the fault by state',
      byTrip,
      state({ positions: open, fault: overload }),
      'tripped overload by state, known',
    ],
    [
      'known open, the fault by an order',
      byTrip,
      order({ positions: open, fault: overload }),
      'tripped overload by state, known',
    ],
    [
      'opened by hand, a fault by state',
      byHand,
      state({ positions: open, fault: overload }),
      'warning «过载»',
    ],
    [
      'opened by hand, a fault by event',
      byHand,
      { positions: open, fault: overload },
      'tripped overload by event',
    ],
    [
      'an order with a fault',
      closed,
      order({ positions: open, fault: overload }),
      'opened by client + warning «过载»',
    ],
  ])('%s', (_, before, push, judgement) => expect(judged(before, push)).toBe(judgement))
})

describe('closed', () => {
  test.each<Row>([
    ['our extra', closing(), order({ positions: shut, extra: 'OURS' }), 'closed by command'],
    ['foreign extra', closing(), order({ positions: shut, extra: 'THEIRS' }), 'closed by client'],
    ['no extra', byTrip, order({ positions: shut }), 'closed by client'],
    ['an event', byTrip, { positions: shut }, 'closed by hand'],
    ['a hand', byTrip, hand({ positions: shut }), 'closed by hand'],
    ['booted closed', byTrip, boot({ positions: shut }), 'closed by unknown'],
    ['a state', byTrip, state({ positions: shut }), 'closed by unknown'],
    ['a state, while ours is under way', closing(), state({ positions: shut }), 'closed by command'],
    ['came online closed', byTrip, { kind: 'online', positions: shut }, 'online + closed by unknown'],
    ['known closed', closed, state({ positions: shut }), 'reading'],
    ['known closed, by an order', closed, order({ positions: shut }), 'reading'],
    [
      'known closed, but ours was waited for',
      { ...closed, operation: operation({}) },
      order({ positions: shut, extra: 'OURS' }),
      'closed by command',
    ],
    [
      'known closed, ours is done',
      { ...closed, operation: operation({ stage: 'done' }) },
      order({ positions: shut, extra: 'OURS' }),
      'reading',
    ],
    [
      'a fault beside it',
      byTrip,
      state({ positions: shut, fault: overload }),
      'closed by unknown + warning «过载»',
    ],
  ])('%s', (_, before, push, judgement) => expect(judged(before, push)).toBe(judgement))
})

describe('our command', () => {
  test.each<Row>([
    ['opens: a state', opening(), state({ positions: open }), 'opened by command'],
    ['opens: it boots', opening(), boot({ positions: open }), 'opened by command'],
    ['opens: a nameless event is a trip', opening(), { positions: open }, 'tripped unknown by event'],
    [
      'opens: a state with a fault',
      opening(),
      state({ positions: open, fault: overload }),
      'tripped overload by state',
    ],
    [
      'to open has not been confirmed yet: our extra',
      opening({ stage: 'unconfirmed' }),
      order({ positions: open, extra: 'OURS' }),
      'opened by command',
    ],
    [
      'to open was long ago',
      opening({ stage: 'unconfirmed', sentAt: NOW - 120_001 }),
      state({ positions: open }),
      'tripped unknown by state',
    ],
    [
      'to open has just not been confirmed',
      opening({ stage: 'unconfirmed', sentAt: NOW - 120_000 }),
      state({ positions: open }),
      'opened by command',
    ],
    [
      'to open is only asked',
      opening({ stage: 'asked' }),
      state({ positions: open }),
      'tripped unknown by state',
    ],
    ['to close was answered «open»', closing(), order({ positions: open, extra: 'OURS' }), 'reading'],
    [
      'to close was answered «open», with a fault',
      closing(),
      order({ positions: open, extra: 'OURS', fault: overload }),
      'tripped overload by state, known',
    ],
    ['to open was answered «closed»', opening(), order({ positions: shut, extra: 'OURS' }), 'reading'],
    [
      'was given up, but acted',
      opening({ stage: 'failed' }),
      order({ positions: open, extra: 'OURS' }),
      'opened by command',
    ],
  ])('%s', (_, before, push, judgement) => expect(judged(before, push)).toBe(judgement))
})

describe('the first word of a position', () => {
  test.each<Row>([
    ['closed, by a state', nothing, state({ positions: shut }), 'found closed'],
    ['closed, by an event', nothing, { positions: shut }, 'found closed'],
    ['closed, by an order', nothing, order({ positions: shut }), 'closed by client'],
    ['open, by a state', nothing, state({ positions: open }), 'found open'],
    ['open, when it boots', nothing, boot({ positions: open }), 'found open'],
    ['open, when it comes online', nothing, { kind: 'online', positions: open }, 'online + found open'],
    ['open, by an event', nothing, { positions: open }, 'tripped unknown by event'],
    ['open, by an order', nothing, order({ positions: open }), 'opened by client'],
    ['open, by a hand', nothing, hand({ positions: open }), 'opened by hand'],
    ['open, with a fault', nothing, state({ positions: open, fault: overload }), 'tripped overload by state'],
  ])('%s', (_, before, push, judgement) => expect(judged(before, push)).toBe(judgement))
})

describe('late and stale', () => {
  const late = (ms: number, fields: Partial<Report>) => ({ at: EIGHT - ms, ...fields })
  test.each<Row>([
    ['open', closed, late(1, { positions: open }), 'reading'],
    ['closed', byTrip, late(1, { positions: shut }), 'reading'],
    ['our order', opening(), late(1, order({ positions: open, extra: 'OURS' })), 'reading'],
    [
      'an event of a trip so old that no push can have overtaken it: clocks differ',
      closed,
      late(10_001, trip({ positions: open, fault: overload })),
      'tripped overload by event',
    ],
    [
      'a closing as old: the alarm stays',
      byTrip,
      late(10_001, { kind: 'event', positions: shut }),
      'reading',
    ],
    [
      'a trip by a clock behind ours, after we had asked the cloud',
      { ...closed, asked: true },
      late(5000, trip({ positions: open, fault: overload })),
      'tripped overload by event',
    ],
    ['at the very same moment', closed, late(0, { positions: open }), 'tripped unknown by event'],
    [
      'an event that a state overtook names the fault',
      byTrip,
      late(10_000, { positions: open, fault: overload }),
      'tripped overload by event, known',
    ],
    ['much later it does not', byTrip, late(10_001, { positions: open, fault: overload }), 'warning «过载»'],
    ['a trip without positions', closed, late(1, trip({})), 'unknown «trip»'],
    [
      'a trip of a breaker that is closed again',
      closed,
      late(1, trip({ positions: open, fault: overload })),
      'warning «过载»',
    ],
  ])('%s', (_, before, push, judgement) => expect(judged(before, push)).toBe(judgement))
})

describe('without positions', () => {
  test.each<Row>([
    ['a trip', closed, trip({}), 'tripped unknown by event'],
    ['a trip with its fault', closed, trip({ fault: overload }), 'tripped overload by event'],
    ['a trip of a breaker not heard of', nothing, trip({}), 'tripped unknown by event'],
    ['a fault', closed, { fault: overload }, 'warning «过载»'],
    ['a fault in a state', closed, state({ fault: odd }), 'warning «E07»'],
    ['a fault while it stays closed', closed, trip({ positions: shut, fault: overload }), 'warning «过载»'],
    ['an alarm without a word', closed, trip({ positions: shut }), 'reading'],
    ['readings', closed, { readings: { voltage: 230 } }, 'reading'],
    ['an empty state', closed, state({}), 'reading'],
    ['an empty order', closed, order({}), 'reading'],
    ['an event of no known meaning', closed, { name: 'self_test' }, 'unknown «self_test»'],
    ['an event that says nothing', closed, {}, 'unknown «event»'],
    ['online', closed, { kind: 'online' }, 'online'],
  ])('%s', (_, before, push, judgement) => expect(judged(before, push)).toBe(judgement))
})

describe('a breaker of two circuits', () => {
  const twin = (power1: CircuitState, power2: CircuitState, fields: Partial<Report>) =>
    judge(breaker({ power1, power2 }), report({ at: NOW, ...fields }), ['power1', 'power2']).map(
      (one) => `${'circuit' in one ? `${one.circuit} ` : ''}${told(one)}`,
    )
  const bothOpen = { power1: 'open', power2: 'open' } as const

  it('blames the fault on the circuit that has just opened', () => {
    expect(twin(closed, byHand, { positions: bothOpen, fault: overload })).toEqual([
      'power1 tripped overload by event',
    ])
    expect(twin(closed, byTrip, { positions: bothOpen, fault: overload })).toEqual([
      'power1 tripped overload by event',
    ])
  })
  it('and where none has, on those that may have tripped', () => {
    expect(twin(byHand, byTrip, { positions: bothOpen, fault: overload })).toEqual([
      'power2 tripped overload by event',
    ])
  })
  it('tells each circuit by itself', () => {
    const positions = { power1: 'closed', power2: 'open' } as const
    expect(twin(byTrip, closed, { positions })).toEqual([
      'power1 closed by hand',
      'power2 tripped unknown by event',
    ])
    expect(twin(byTrip, closed, state({ positions, fault: overload }))).toEqual([
      'power1 closed by unknown',
      'power2 tripped overload by state',
    ])
  })
  it('takes a trip that names no circuit for one that is not known to be open', () => {
    expect(twin(byTrip, closed, trip({}))).toEqual(['power2 tripped unknown by event'])
    expect(twin(byTrip, byTrip, trip({}))).toEqual(['power1 tripped unknown by event'])
  })
  it('says nothing of circuits where the breaker has none', () => {
    expect(judge(breaker({}), report(trip({ at: NOW })), []).map(told)).toEqual(['unknown «trip»'])
  })
})
