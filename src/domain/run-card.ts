import type { Card } from './card.ts'
import type { CardTone } from './card-text.ts'
import { countOf, type GroupRun, isStoppable, missed, type RunStep, reached } from './group-run.ts'
import { dateTime, type Message, message, time } from './message.ts'

/** Stands in the place of a breaker's id on the card of a group run; no breaker can have it. */
export const GROUP_CARD = '@'

/** So many names to a line, and lines of them; platforms cut what is longer. */
const NAMES_A_LINE = 20
const NAME_LINES = 3
/** So many that came to nothing are named one by one. */
const MOST_NAMED = 30

/** The card of a group run as it stands. */
export function runCard(run: GroupRun): Card {
  const { id, to, place, stage } = run
  const title = message(`card.run-${to}`, { place })
  const subtitle = runState(run)
  return {
    subject: `${GROUP_CARD}.${id}`,
    version: run.version,
    tone: toneOf(run),
    called: place,
    title,
    subtitle,
    rows: [
      { label: message('row.group'), value: place },
      { label: message('row.circuits'), value: String(run.steps.length) },
      { label: message('row.asked-by'), value: run.askedBy.person },
      { label: message('row.time'), value: message('plain-time', { at: dateTime(run.askedAt) }) },
    ],
    notes: stage === 'asked' ? askedNotes(run) : runNotes(run),
    story: [],
    buttons: buttons(run),
    summary: message('card.run-summary', { title, state: subtitle }),
  }
}

function runState(run: GroupRun): Message {
  const { to, stage, stopped } = run
  const counts = { done: reached(run), total: run.steps.length }
  switch (stage) {
    case 'asked':
      return message(`state.run-asked-${to}`, { person: run.askedBy.person, until: time(run.expiresAt) })
    case 'cancelled':
    case 'expired':
      return message(`state.${stage}`)
    case 'running':
      return message(`state.run-${to}`, counts)
    case 'ended':
      if (missed(run) === 0) return message(`state.run-${to}-all`, counts)
      return message(stopped ? `state.run-${to}-stopped` : `state.run-${to}-missed`, {
        ...counts,
        missed: missed(run),
      })
  }
}

function toneOf(run: GroupRun): CardTone {
  if (run.stage === 'cancelled' || run.stage === 'expired') return 'neutral'
  if (run.stage !== 'ended') return 'working'
  return missed(run) > 0 ? 'warning' : 'good'
}

/** Which circuits it will be, and which of them cannot be reached or stand so already. */
function askedNotes(run: GroupRun): Message[] {
  const of = (seen: RunStep['seen']) => run.steps.filter((one) => one.seen === seen)
  return [
    ...named(`run.names-${run.to}`, of(undefined)),
    ...named('run.names-offline', of('offline')),
    ...named(`run.names-already-${run.to}`, of('already')),
    message(run.to === 'closed' ? 'note.before-close' : 'run.before-open'),
  ]
}

function named(
  key: `run.names-${GroupRun['to']}` | 'run.names-offline' | `run.names-already-${GroupRun['to']}`,
  steps: RunStep[],
): Message[] {
  const lines: Message[] = []
  for (let start = 0; start < steps.length && lines.length < NAME_LINES; start += NAMES_A_LINE) {
    const names = steps.slice(start, start + NAMES_A_LINE).map((one) => one.title)
    lines.push(message(key, { count: steps.length, names: names.join(' / ') }))
  }
  return [...lines, ...more(steps.length - NAMES_A_LINE * NAME_LINES)]
}

const more = (count: number): Message[] => (count > 0 ? [message('status.more', { count })] : [])

/** What came to nothing and why, one by one; then who waits for whom. */
function runNotes(run: GroupRun): Message[] {
  const lost = run.steps.filter((one) => ['refused', 'failed', 'unconfirmed'].includes(one.standing))
  const waits = run.steps.filter((one) => one.standing === 'second-person')
  const lines = [
    ...lost.map(({ title, standing, why }) =>
      message('run.step', { breaker: title, why: why ?? [message(`run.${standing as 'failed'}`)] }),
    ),
    ...waits.map(({ title }) => message('run.step', { breaker: title, why: message('run.second-person') })),
  ]
  const isVoid = countOf(run, 'void')
  return [
    ...lines.slice(0, MOST_NAMED),
    ...more(lines.length - MOST_NAMED),
    ...(run.stopped && isVoid > 0 ? [message('run.void', { count: isVoid, why: run.stopped })] : []),
  ]
}

function buttons(run: GroupRun): Card['buttons'] {
  const { nonce } = run
  if (!isStoppable(run)) return []
  const stop = { action: 'cancel', style: 'plain', nonce } as const
  if (run.stage === 'running') return [{ ...stop, text: message('button.stop-run') }]
  const text = message(`button.confirm-run-${run.to}`)
  const command = run.to === 'open' ? 'confirm-off' : 'confirm'
  return [{ action: 'confirm', style: 'danger', nonce, text, command }, stop]
}
