import {
  type BreakerState,
  type CircuitState,
  circuitState,
  circuitsOf,
  newBreaker,
  withCircuit,
} from './breaker.ts'
import { type Changes, changed } from './changes.ts'
import type { AuditLine, Decision, Given, Reply, Situation } from './decision.ts'
import type { Effect } from './event.ts'
import { change, type Incident, type StoryLine } from './incident.ts'
import { type Message, message } from './message.ts'
import { advance, hasEnded, isUnderWay, type Operation, overtaken } from './operation.ts'
import type { Via } from './people.ts'
import type { BreakerConfig, ChatRef } from './policy.ts'

/** How many earlier operations of a circuit are kept. */
const KEPT = 3

/** A decision being made: the state as changed so far, and what is to follow. */
export class Draft {
  readonly config: BreakerConfig
  readonly given: Given
  breaker: BreakerState
  readonly effects: Effect[] = []
  readonly audit: AuditLine[] = []
  reply: Reply | undefined
  /** By what it is asked for, where by no chat: each line of the audit says so. */
  via: Via | undefined
  #incidents = new Map<string, Incident>()
  #changed = new Set<string>()

  constructor(situation: Situation, given: Given) {
    this.config = situation.config
    this.given = given
    this.breaker = situation.breaker ?? newBreaker(situation.config.id)
    for (const incident of situation.incidents) this.#incidents.set(incident.id, incident)
  }

  circuits(): string[] {
    return circuitsOf(Object.keys(this.config.circuits), this.breaker)
  }

  circuit(circuit: string): CircuitState {
    return circuitState(this.breaker, circuit)
  }

  /** Changes fields of a circuit's state; a field set to undefined is removed. */
  setCircuit(circuit: string, fields: Changes<CircuitState>): void {
    this.breaker = withCircuit(this.breaker, circuit, changed(this.circuit(circuit), fields))
  }

  incident(id: string | undefined): Incident | undefined {
    return id === undefined ? undefined : this.#incidents.get(id)
  }

  /** The incident that is open on a circuit. */
  openIncident(circuit: string): Incident | undefined {
    return this.incident(this.circuit(circuit).incident)
  }

  putIncident(incident: Incident, urgent = false): void {
    this.setIncident(incident)
    this.refreshCard(incident.id, urgent)
  }

  /** The incidents that this decision has changed so far. */
  changed(): Incident[] {
    return [...this.#changed].map((id) => this.#incidents.get(id)!)
  }

  /** Keeps something of an incident that its card does not show. */
  setIncident(incident: Incident): void {
    this.#incidents.set(incident.id, incident)
    this.#changed.add(incident.id)
  }

  changeIncident(incident: Incident, fields: Changes<Incident>, text?: Message): void {
    const line: StoryLine | undefined = text && { at: this.given.now, text }
    this.putIncident(change(incident, fields, line))
  }

  /** Brings the cards of open incidents up to date with the breaker as a whole. */
  refreshIncidents(): void {
    for (const circuit of this.circuits()) {
      const incident = this.openIncident(circuit)
      if (incident) this.changeIncident(incident, {})
    }
  }

  /** Changes the circuit's operation, and with it the card that shows it. */
  changeOperation(
    circuit: string,
    fields: Partial<Operation> & { stage: Operation['stage'] },
    text?: Message,
  ): void {
    const operation = this.circuit(circuit).operation
    if (!operation) return
    this.putOperation(circuit, advance(operation, fields), text)
  }

  putOperation(circuit: string, operation: Operation, text?: Message): void {
    const { operation: before } = this.circuit(circuit)
    if (before && before.id !== operation.id) {
      if (!hasEnded(before)) this.#tellRun(circuit, overtaken(before))
      this.#giveWay(circuit, before)
    }
    this.setCircuit(circuit, { operation })
    this.#tellRun(circuit, operation)
    const incident = this.incident(operation.incident)
    if (incident) this.changeIncident(incident, {}, text)
    // A group run has a card of its own; a step needs one only where another person has to confirm it.
    else if (operation.run === undefined || operation.secondPerson) this.refreshCard(operation.id, false)
  }

  /** Tells the group run, if it is a step of one, where the operation stands at the end of the decision. */
  #tellRun(circuit: string, { run, id, stage, version, why }: Operation): void {
    if (run === undefined) return
    const told = { stage, operation: id, version, ...(why && { why: [why] }) }
    const before = this.effects.findIndex((one) => one.do === 'tell-run' && one.told.operation === id)
    if (before >= 0) this.effects.splice(before, 1)
    this.effects.push({ do: 'tell-run', run, circuit, told })
  }

  /** The operation is not the circuit's present one any more. One whose outcome got lost stays so, and that is told. */
  #giveWay(circuit: string, before: Operation): void {
    const isLost = isUnderWay(before)
    const ended = this.#ended(before)
    if (isLost) this.note('system', 'operation.unconfirmed', { operation: before.id })
    const incident = this.incident(before.incident)
    if (isLost && incident) this.changeIncident(incident, {}, message('story.unconfirmed'))
    if (before.incident !== undefined) return
    const { earlier = [] } = this.circuit(circuit)
    this.setCircuit(circuit, { earlier: [ended, ...earlier].slice(0, KEPT) })
    if (ended !== before) this.refreshCard(before.id, false)
  }

  #ended(operation: Operation): Operation {
    const { now: endedAt } = this.given
    if (isUnderWay(operation))
      return advance(operation, { stage: 'unconfirmed', endedAt, why: message('operation.not-confirmed') })
    return operation.stage === 'asked' ? advance(operation, { stage: 'cancelled', endedAt }) : operation
  }

  /** A line to all chats of the room; `about`: the incident whose card it belongs to. */
  tell(text: Message, about?: string): void {
    this.effects.push({ do: 'notice', text, ...(about !== undefined && { about }) })
  }

  /** The load before a trip, after the card of its incident. */
  illustrate(incident: string): void {
    this.effects.push({ do: 'trip-picture', incident })
  }

  /** A line to one person. */
  tellPerson(person: string, text: Message): void {
    this.effects.push({ do: 'tell', person, text })
  }

  /** The same as {@link tell}, before all that is less urgent. */
  alarm(text: Message, about?: string): void {
    this.effects.push({ do: 'notice', text, urgent: true, ...(about !== undefined && { about }) })
  }

  /** Brings all cards of the breaker up to date that people may act upon. */
  refreshCards(): void {
    this.refreshIncidents()
    for (const circuit of this.circuits()) {
      const { operation } = this.circuit(circuit)
      if (operation && !operation.incident) this.changeOperation(circuit, { stage: operation.stage })
    }
  }

  refreshCard(subject: string, urgent: boolean): void {
    if (this.effects.some((effect) => effect.do === 'card' && effect.subject === subject)) return
    this.effects.push({ do: 'card', subject, urgent })
  }

  /** Asks for a new card in one chat, where an old one may be out of sight or cannot be changed; without one, for none. */
  freshCard(subject: string, chat: ChatRef | undefined): void {
    if (!chat) return
    const others = this.effects.filter((effect) => !(effect.do === 'card' && effect.subject === subject))
    this.effects.length = 0
    this.effects.push(...others, { do: 'card', subject, urgent: true, freshIn: chat })
  }

  /** Adds a line to the audit. */
  note(who: string, what: string, details: Record<string, unknown>): void {
    this.audit.push({ who, what, details: { ...details, ...(this.via && { via: this.via }) } })
  }

  done(): Decision {
    return {
      breaker: this.breaker,
      incidents: this.changed(),
      effects: this.effects,
      audit: this.audit,
      ...(this.reply && { reply: this.reply }),
    }
  }
}
