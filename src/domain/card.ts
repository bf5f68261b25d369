import type { BreakerState } from './breaker.ts'
import { circuitState } from './breaker.ts'
import { holdNotes, incidentNotes, operationNotes, reachNote, severityRow } from './card-notes.ts'
import { incidentState, incidentTone, operationState, operationTone } from './card-state.ts'
import type { CardButton, CardTone } from './card-text.ts'
import type { CommandName } from './command.ts'
import { causeName, type Incident, isOpen, type StoryLine } from './incident.ts'
import { dateTime, type Message, message, span } from './message.ts'
import { isUnderWay, type Operation } from './operation.ts'
import { isTaken } from './ownership.ts'
import { called } from './people.ts'
import { type BreakerConfig, circuitTitle } from './policy.ts'
import { readingRows } from './reading-text.ts'
import { selectedRows, selectedRowsOf, stepsFor, type View } from './selected.ts'

/** A card in no language and for no platform. */
export interface Card {
  subject: string
  /** Of what it is about: what its buttons go by. */
  version: number
  /** How often what stands on every card has changed, such as that no command may leave: a card shows that too. */
  changes?: number
  tone: CardTone
  /** What a typed command calls it: the title of the breaker's circuit, the name of a group, or nothing. */
  called?: string
  title: Message
  subtitle: Message
  rows: { label: Message; value: Message | string }[]
  notes: Message[]
  story: StoryLine[]
  buttons: {
    action: CardButton['action']
    style: CardButton['style']
    nonce?: string
    /** What it says, where that is not its action's usual word. */
    text?: Message
    /** What is typed instead, where that is not the command of its action's name. */
    command?: CommandName
  }[]
  summary: Message
  /** A close waits to be confirmed: who asked, and whether by another person. */
  waits?: { asker: string; secondPerson: boolean }
}

/** The card of an incident as things stand, its operation included; `view`: for whom, and where. */
export function incidentCard(
  config: BreakerConfig,
  breaker: BreakerState,
  incident: Incident,
  view: View = {},
): Card {
  const { operation, reclosing } = circuitState(breaker, incident.circuit)
  const own = operation?.incident === incident.id ? operation : undefined
  const waiting = reclosing?.stage === 'waiting' && reclosing.incident === incident.id ? reclosing : undefined
  const title = circuitTitle(config, incident.circuit)
  const cause = causeName(incident)
  const subtitle = incidentState(incident, own, waiting)
  return {
    subject: subjectOf(config, incident.id),
    version: incident.version,
    tone: incidentTone(incident, own, waiting),
    called: title,
    title: message('card.trip', { cause: message(`cause.${incident.cause}`), breaker: title }),
    subtitle,
    rows: [
      { label: message('row.site'), value: config.site },
      { label: message('row.cause'), value: cause },
      { label: message('row.time'), value: message('plain-time', { at: openedAt(incident) }) },
      ...severityRow(incident),
      ...(isOpen(incident) && own?.stage === 'asked'
        ? selectedRows(incident, config.ratedCurrent)
        : readingRows(incident.readings, config.ratedCurrent)),
    ],
    notes: [...incidentNotes(config, breaker, incident, own), ...reachNote(breaker)],
    story: incident.story,
    buttons: isOpen(incident)
      ? buttons(incident, own, view, waiting)
      : [{ action: 'energy', style: 'plain' }],
    summary: message('card.summary', {
      cause: message(`cause.${incident.cause}`),
      site: config.site,
      breaker: title,
      state: subtitle,
    }),
    ...waitsOf(isOpen(incident) ? own : undefined),
  }
}

/** The card of an operation that serves no incident (a close or open asked by command). */
export function operationCard(
  config: BreakerConfig,
  breaker: BreakerState,
  circuit: string,
  operation: Operation,
  view: View = {},
): Card {
  const title = circuitTitle(config, circuit)
  const subtitle = operationState(operation)
  const heading = message(operation.to === 'closed' ? 'card.close' : 'card.open', { breaker: title })
  const position = circuitState(breaker, circuit).position
  return {
    subject: subjectOf(config, operation.id),
    version: operation.version,
    tone: operationTone(operation),
    called: title,
    title: heading,
    subtitle,
    rows: [
      { label: message('row.site'), value: config.site },
      { label: message('row.position'), value: message(`position.${position ?? 'unknown'}`) },
      { label: message('row.asked-by'), value: called(operation.askedBy) },
      { label: message('row.time'), value: message('plain-time', { at: dateTime(operation.askedAt) }) },
      ...(operation.stage === 'asked' ? selectedRowsOf(breaker, circuit, config.ratedCurrent) : []),
    ],
    notes: [...holdNotes(breaker, circuit), ...operationNotes(operation), ...reachNote(breaker)],
    story: [],
    buttons: operation.stage === 'asked' ? confirmButtons(operation, operation.version, view) : [],
    summary: message('card.operation-summary', { title: heading, site: config.site, state: subtitle }),
    ...waitsOf(operation),
  }
}

/** The id that a card and its buttons carry: breaker and incident (or operation). */
export function subjectOf(config: BreakerConfig, id: string): string {
  return `${config.id}.${id}`
}

function buttons(
  incident: Incident,
  operation: Operation | undefined,
  view: View,
  waiting: unknown,
): Card['buttons'] {
  const steps = operation?.stage === 'asked' ? confirmButtons(operation, incident.version, view) : []
  if (steps.length > 0) return steps
  return [
    ...(isTaken(incident) ? [] : [{ action: 'ack', style: 'primary' } as const]),
    ...(waiting ? [{ action: 'stop', style: 'primary' } as const] : []),
    ...(waiting || isUnderWay(operation) || operation?.stage === 'asked'
      ? []
      : [{ action: 'reclose', style: 'danger' } as const]),
    { action: 'energy', style: 'plain' },
  ]
}

function confirmButtons(operation: Operation, version: number, view: View): Card['buttons'] {
  return stepsFor(operation, version, view).map((action) => ({
    action,
    style: action === 'confirm' ? 'danger' : 'plain',
    nonce: operation.nonce,
  }))
}

function waitsOf(operation: Operation | undefined): Pick<Card, 'waits'> {
  if (operation?.stage !== 'asked') return {}
  return { waits: { asker: operation.askedBy.person, secondPerson: operation.secondPerson } }
}

/** When it opened; a span where only that is known. */
function openedAt({ openedAt, openedAfter }: Incident) {
  return openedAfter === undefined ? dateTime(openedAt) : span(openedAfter, openedAt, 'date-time')
}
