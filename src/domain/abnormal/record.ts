import { grown } from './accepted.ts'
import type { Draw } from './draw.ts'
import type { Accepted, Contacts, Finding } from './finding.ts'
import type { Episode } from './history.ts'
import type { Usual } from './usual.ts'

/** What is remembered of a breaker's draw. */
export interface DrawRecord {
  usual?: Usual
  /** When the usual, and when its pauses, were last learned, ms. */
  learnedAt?: number
  pause?: { at: number; longest: number }
  /** What is abnormal, each with its alarm. */
  standing: { finding: Finding; alarm: string }[]
  /** What was, and when the contacts stood open. */
  past: Episode[]
  accepted: Accepted[]
  /** Nothing is told until then, ms. */
  mutedUntil?: number
  /** Nor of the supply of its whole site: it was muted in answer to an alarm about that. */
  supplyMutedUntil?: number
}

/** What a person says of an alarm about the draw. */
export type DrawWord =
  | { say: 'normal'; accepted: Accepted }
  | { say: 'mute'; alarm: string; at: number; until: number }

export const NEW_RECORD: DrawRecord = { standing: [], past: [], accepted: [] }

/** So many episodes, and words of what is normal, are kept. */
const MOST = { past: 60, accepted: 30 }

/** What has begun and ended is kept; those that begin have alarms of these ids, in the same order. */
export function withAbnormal(
  record: DrawRecord,
  { begun, ended }: { begun: readonly Finding[]; ended: readonly { kind: Finding['kind'] }[] },
  ids: readonly string[],
  now: number,
): DrawRecord {
  const over = record.standing.filter((one) => ended.some(({ kind }) => kind === one.finding.kind))
  return {
    ...record,
    standing: [
      ...record.standing.filter((one) => !over.includes(one)),
      ...begun.map((finding, i) => ({ finding, alarm: ids[i]! })),
    ],
    past: [...record.past, ...over.map(({ finding }) => episodeOf(finding, now))].slice(-MOST.past),
  }
}

const episodeOf = ({ kind, since }: Finding, until: number): Episode => ({ kind, since, until })

/**
 * The record after somebody's word. What was called normal stands no more, and is learned from like everything else; what is
 * muted stands no more, either.
 */
export function withWord(record: DrawRecord, word: DrawWord): DrawRecord {
  if (word.say === 'mute') {
    const muted = record.standing.filter(({ alarm }) => alarm === word.alarm)
    return {
      ...record,
      mutedUntil: word.until,
      ...(muted.some(({ finding }) => finding.kind === 'voltage') && { supplyMutedUntil: word.until }),
      standing: record.standing.filter((one) => !muted.includes(one)),
      past: [...record.past, ...muted.map(({ finding }) => episodeOf(finding, word.at))].slice(-MOST.past),
    }
  }
  return {
    ...record,
    standing: record.standing.filter(({ alarm }) => alarm !== word.accepted.id),
    accepted: [...record.accepted, word.accepted].slice(-MOST.accepted),
  }
}

/** Everything is watched again as before anybody said what is normal. */
export function watchedAgain({ mutedUntil: _, supplyMutedUntil: __, ...record }: DrawRecord): DrawRecord {
  return { ...record, accepted: [] }
}

/** What was called normal goes on: so do its hours. The same record where nothing has changed. */
export function withHours(record: DrawRecord, hours: readonly Draw[], timezone: string): DrawRecord {
  const accepted = record.accepted.map((one) => grown(one, hours, timezone))
  return accepted.every((one, i) => one === record.accepted[i]) ? record : { ...record, accepted }
}

/** When the contacts stood open, as far as it was seen. The same record where nothing has changed. */
export function withContacts(record: DrawRecord, { isClosed, since }: Contacts, now: number): DrawRecord {
  const open = record.past.find(({ kind, until }) => kind === 'opened' && until === undefined)
  if (isClosed === false && !open)
    return {
      ...record,
      past: [...record.past, { kind: 'opened' as const, since: since ?? now }].slice(-MOST.past),
    }
  if (isClosed && open) {
    const closed: Episode = { ...open, until: Math.max(open.since, since ?? now) }
    return { ...record, past: record.past.map((one) => (one === open ? closed : one)) }
  }
  return record
}

/** What spoils what is learned: what was abnormal, what still is, and when the contacts stood open. */
export const episodesOf = ({ past, standing }: DrawRecord): Episode[] => [
  ...past,
  ...standing.map(({ finding: { kind, since } }) => ({ kind, since })),
]
