import { type BreakerState, circuitState, latestReadings } from './breaker.ts'
import type { Incident } from './incident.ts'
import { type Message, type MessageValue, message, time } from './message.ts'
import type { Operation } from './operation.ts'
import { readingRows } from './reading-text.ts'
import type { Readings } from './report.ts'

type Row = { label: Message; value: Message | string }

/** Who looks at a card; all in the chat where nothing is said. */
export interface View {
  /** The one person who is shown it. */
  person?: string
  /** The version that the chat has while the one who asked was shown the confirming step alone. */
  quiet?: number
}

/** What the one who is to confirm a close must know of the fault: the load before it, who is on it, the last act. */
export function selectedRows(incident: Incident, ratedCurrent?: number): Row[] {
  const { owner, acknowledgedAt = incident.openedAt } = incident
  const act = actBefore(incident)
  return [
    loadRow(incident.readings, ratedCurrent),
    {
      label: message('row.owner'),
      value: owner
        ? message('row.done-at', { what: owner.person, at: time(acknowledgedAt) })
        : message('row.nobody'),
    },
    ...(act ? [{ label: message('row.last-act'), value: act }] : []),
  ]
}

/** The same where no fault is known: how it stands open, and the last load. */
export function selectedRowsOf(breaker: BreakerState, circuit: string, ratedCurrent?: number): Row[] {
  const { opening } = circuitState(breaker, circuit)
  const by = opening?.by ?? 'unknown'
  const person = opening?.by === 'command' ? opening.actor.person : ''
  return [
    { label: message('row.opened'), value: message(`opened.${by}`, { person }) },
    loadRow(latestReadings(breaker.recent), ratedCurrent),
  ]
}

function loadRow(readings: Readings, ratedCurrent: number | undefined): Row {
  const values = readingRows(readings, ratedCurrent).map((row) => row.value)
  return { label: message('row.last-load'), value: values.join(' · ') || message('energy.no-load') }
}

/** What was done last before the close was asked for. */
function actBefore({ story }: Incident): Message | undefined {
  const asking = story.findLastIndex((line) => line.text.key === 'story.asked')
  const line = asking > 0 ? story[asking - 1] : undefined
  const what: MessageValue | undefined = line?.text
  return line && what && message('row.done-at', { what, at: time(line.at) })
}

/**
 * Which of the confirming steps somebody is shown. Where one person is enough, that person may be shown them alone: the
 * others have none in that version. Where two are needed, everybody has them but the one who asked.
 */
export function stepsFor(operation: Operation, version: number, view: View): ('confirm' | 'cancel')[] {
  const { askedBy, secondPerson } = operation
  if (view.person === askedBy.person) return secondPerson ? ['cancel'] : ['confirm', 'cancel']
  return view.quiet === version && !secondPerson ? [] : ['confirm', 'cancel']
}
