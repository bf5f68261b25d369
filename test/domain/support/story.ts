import { expect } from 'vitest'
import { type BreakerState, circuitState, newBreaker } from '../../../src/domain/breaker.ts'
import { type Card, incidentCard, operationCard } from '../../../src/domain/card.ts'
import { decide } from '../../../src/domain/decide.ts'
import type { Decision } from '../../../src/domain/draft.ts'
import type { Ask, AskAction, BreakerEvent, ControlOutcome, Effect } from '../../../src/domain/event.ts'
import type { Incident } from '../../../src/domain/incident.ts'
import { type Message, message } from '../../../src/domain/message.ts'
import type { Operation } from '../../../src/domain/operation.ts'
import type { BreakerConfig, Policy } from '../../../src/domain/policy.ts'
import type { Cause, Position, Report } from '../../../src/domain/report.ts'
import { cardText } from '../../../src/text/card-text.ts'
import { translator } from '../../../src/text/translate.ts'
import { CHAT, EIGHT, POLICY, PUMP, report, senderOf } from './site.ts'

export interface StoryOptions {
  config?: BreakerConfig
  policy?: Partial<Policy>
}

export type Story = ReturnType<typeof tellStory>

/**
 * One breaker whose events are decided one after another, as the engine does it, with a clock that is moved by hand.
 * Checks with every step that what was decided can be kept as JSON and said in both languages.
 */
export function tellStory({ config = PUMP, policy: changed = {} }: StoryOptions = {}) {
  const policy = { ...POLICY, ...changed }
  const incidents = new Map<string, Incident>()
  const timers = new Map<string, { at: number; event: BreakerEvent }>()
  const decisions: Decision[] = []
  let breaker: BreakerState | undefined
  let now = EIGHT
  let ids = 0
  let reports = 0
  const circuit = Object.keys(config.circuits)[0]!

  function happen(event: BreakerEvent): Decision {
    const situation = { config, breaker, incidents: [...incidents.values()] }
    const firstId = ids
    const given = () => {
      ids = firstId
      return { policy, now, newId: () => `${String(++ids).padStart(5, '0')}random7` }
    }
    const decision = decide(situation, event, given())
    expect(decide(structuredClone(situation), structuredClone(event), given())).toEqual(decision)
    expect(JSON.parse(JSON.stringify(decision))).toEqual(decision)
    breaker = decision.breaker
    for (const incident of decision.incidents) incidents.set(incident.id, incident)
    for (const effect of decision.effects) {
      if (effect.do === 'timer') timers.set(effect.id, effect)
      if (effect.do === 'cancel-timer') timers.delete(effect.id)
    }
    decisions.push(decision)
    for (const text of textsOf(decision)) expectSayable(text)
    for (const card of cards()) expectReadable(card)
    return decision
  }

  const state = (): BreakerState => breaker ?? newBreaker(config.id)
  const operation = (of = circuit): Operation | undefined => circuitState(state(), of).operation
  const incident = (of = circuit): Incident | undefined => {
    const id = circuitState(state(), of).incident
    return id === undefined ? undefined : incidents.get(id)
  }

  function cards(): Card[] {
    const ofOperations = Object.keys(state().circuits).flatMap((one) => {
      const standing = operation(one)
      return standing && !standing.incident ? [operationCard(config, state(), one, standing)] : []
    })
    return [...[...incidents.values()].map((one) => incidentCard(config, state(), one)), ...ofOperations]
  }

  function push(fields: Partial<Report> = {}): Decision {
    reports += 1
    const full = report({ id: `push-${reports}`, device: config.id, at: now, ...fields })
    return happen({ type: 'report', report: full })
  }

  function ask(person: string, action: AskAction, fields: Partial<Ask> = {}): Decision {
    const who = { channel: CHAT.channel, sender: senderOf(person), anonymous: false, chat: CHAT }
    return happen({ type: 'ask', action, ...who, typed: false, ...fields })
  }

  return {
    happen,
    push,
    ask,
    state,
    operation,
    incident,
    incidents: () => [...incidents.values()],
    decisions: () => decisions,
    timers: () => [...timers.keys()],
    position: (of = circuit) => circuitState(state(), of).position,
    opening: (of = circuit) => circuitState(state(), of).opening?.by,
    /** Presses a button of the card of the circuit's incident, or else of its operation. */
    press(person: string, action: AskAction, fields: Partial<Ask> = {}): Decision {
      const subject = incident()?.id ?? operation()?.id
      const nonce = action === 'confirm' || action === 'cancel' ? operation()?.nonce : undefined
      return ask(person, action, {
        ...(subject !== undefined && { subject }),
        ...(nonce !== undefined && { nonce }),
        ...fields,
      })
    },
    say: (person: string, action: AskAction, fields: Partial<Ask> = {}) =>
      ask(person, action, { typed: true, ...fields }),
    /** Moves the clock on; what falls due meanwhile happens at its time. */
    wait(ms: number): void {
      const end = now + ms
      const due = () => [...timers].filter(([, one]) => one.at <= end).sort(([, a], [, b]) => a.at - b.at)[0]
      for (let next = due(); next; next = due()) {
        const [id, timer] = next
        timers.delete(id)
        now = Math.max(now, timer.at)
        happen(timer.event)
      }
      now = end
    },
    now: () => now,
    /** The clock goes on while nothing runs: what fell due meanwhile happens late, at the next `wait`. */
    sleep(ms: number): void {
      now += ms
    },
    /** What automatic reclosing has looked up last is answered: the supply. */
    seen(voltage?: number): void {
      const effects = decisions.flatMap((one) => one.effects)
      const look = effects.findLast((one) => one.do === 'look-up')
      if (!look) return
      const id = `look-up-${look.operation}-${now}`
      const readings = voltage === undefined ? {} : { voltage }
      const fields = {
        id,
        kind: 'state',
        at: now,
        asked: true,
        positions: { [circuit]: 'closed' },
        readings,
      } as const
      happen({ type: 'looked-up', operation: look.operation, report: report(fields) })
    },
    /** The cards of all incidents, oldest first, then those of operations that serve none. */
    cards,
    closed: (fields: Partial<Report> = {}) =>
      push({ kind: 'state', positions: { [circuit]: 'closed' }, ...fields }),
    trip: (cause: Cause, fields: Partial<Report> = {}) =>
      push({
        name: 'trip',
        mover: 'trip',
        positions: { [circuit]: 'open' },
        ...(cause !== 'unknown' && { fault: { cause, raw: cause } }),
        ...fields,
      }),
    /** The order push that brings our reference back. */
    answered: (position: Position, fields: Partial<Report> = {}) =>
      push({ kind: 'order', positions: { [circuit]: position }, extra: operation()?.ref ?? '', ...fields }),
    outcome: (outcome: ControlOutcome) =>
      happen({ type: 'control-outcome', operation: operation()?.id ?? '', outcome }),
    lookedUp: (position?: Position, online?: boolean) =>
      happen({
        type: 'looked-up',
        operation: operation()?.id ?? '',
        ...(position && {
          report: report({
            id: `look-up-${operation()?.id}`,
            kind: 'state',
            at: now,
            positions: { [circuit]: position },
          }),
        }),
        ...(online !== undefined && { online }),
      }),
    /** The card of the circuit's open incident, or of its operation, or of the last incident. */
    card(): Card {
      const all = cards()
      const subject = incident()?.id ?? operation()?.incident ?? operation()?.id
      const card = all.find((one) => one.subject === `${config.id}.${subject}`) ?? all.at(-1)
      if (!card) throw new Error('there is no card')
      return card
    },
  }
}

/** A breaker that was closed and has tripped. */
export function tripped(cause: Cause = 'overload', options: StoryOptions = {}): Story {
  const story = tellStory(options)
  story.closed()
  story.wait(1000)
  story.trip(cause)
  story.wait(1000)
  return story
}

export const TAKEN: ControlOutcome = { result: 'taken' }
export const UNKNOWN: ControlOutcome = { result: 'unknown', why: message('operation.unknown') }
export const REFUSED: ControlOutcome = {
  result: 'refused',
  why: message('operation.refused', { why: 'bad sign' }),
}

export type Switch = Extract<Effect, { do: 'switch' }>

export const switchesOf = (decision: Decision): Switch[] =>
  decision.effects.filter((one) => one.do === 'switch')

export const noticesOf = (decision: Decision): string[] =>
  decision.effects.flatMap((one) => (one.do === 'notice' ? [one.text.key] : []))

/** `done: ack.done`, `refused: gate.offline`; the reasons of a refused close stand behind it. */
export function replyOf({ reply }: Decision): string | undefined {
  if (!reply) return undefined
  const reasons = reply.text.values?.reasons
  const keys = Array.isArray(reasons) ? ` (${reasons.map((one) => one.key).join(', ')})` : ''
  return `${reply.refused ? 'refused' : 'done'}: ${reply.text.key}${keys}`
}

function textsOf({ reply, effects, incidents }: Decision): Message[] {
  return [
    ...(reply ? [reply.text] : []),
    ...effects.flatMap((one) => (one.do === 'notice' ? [one.text] : [])),
    ...incidents.flatMap((one) => one.story.map((line) => line.text)),
  ]
}

const LOCALES = ['zh-CN', 'en'] as const

function expectSayable(text: Message): void {
  for (const locale of LOCALES) {
    const said = translator(locale, 'Asia/Shanghai')(text)
    expect(said).not.toMatch(/[{}]|undefined|NaN|\[object/)
    expect(said).not.toBe('')
  }
}

function expectReadable(card: Card): void {
  for (const locale of LOCALES) {
    const shown = cardText(card, locale, 'Asia/Shanghai')
    const texts = [shown.title, shown.subtitle, shown.summary, ...shown.notes, ...shown.story]
    const rows = shown.rows.flatMap(({ label, value }) => [label, value])
    for (const text of [...texts, ...rows, ...shown.buttons.map((one) => one.text)]) {
      expect(text).not.toMatch(/[{}]|undefined|NaN|\[object/)
      expect(text).not.toBe('')
    }
    for (const { data } of shown.buttons) expect(data).toMatch(/^[\x21-\x7e]{1,64}$/)
  }
}
