import type { EndingWindow } from '../domain/event.ts'
import { type Incident, isHushed, isOpen } from '../domain/incident.ts'
import { overLines } from '../domain/window-text.ts'
import type { Job, JobResult, NewJob } from '../store/store.ts'
import { pagesOf } from './paging.ts'
import { type Lookup, type Parts, roomSubject } from './parts.ts'
import { PRIORITY, QUEUE } from './queues.ts'
import { sayJob } from './send-jobs.ts'
import type { WindowWork } from './work.ts'

/** So many are read at a time. */
const PAGE = 200

/** Lists what happened in an occurrence of a window once it is over; `again`: it has gone on for longer. */
export function windowJob(window: EndingWindow, { isSet = false, again = false } = {}): NewJob {
  const name = windowJobId(window)
  const payload: WindowWork = { from: 'window', window, ...(isSet && { isSet: true }) }
  return jobOf(again ? `${name}:${window.until}` : name, payload)
}

/** The same of one that was ended by word, now; only where something happened. */
export const endedWindowJob = (window: EndingWindow): NewJob =>
  jobOf(`${windowJobId(window)}:ended`, { from: 'window', window, isEnded: true })

export const windowJobId = ({ id, room, from }: Pick<EndingWindow, 'id' | 'room' | 'from'>): string =>
  `window:${id}:${room}:${from}`

function jobOf(id: string, payload: WindowWork): NewJob {
  return {
    id,
    queue: QUEUE.events,
    lane: windowJobId(payload.window),
    priority: PRIORITY.rest,
    dueAt: payload.window.until,
    payload,
  }
}

export function createWindows(parts: Parts, lookup: Lookup) {
  const { store } = parts

  async function run(job: Job, { window, isSet, isEnded }: WindowWork): Promise<JobResult> {
    const incidents = await incidentsIn(window)
    const now = parts.now()
    const ends = incidents.filter((one) => isOpen(one) && isHushed(one)).map((one) => one.hush!.until)
    const until = Math.max(...ends)
    if (until > now && !isEnded) {
      const later = windowJob({ ...window, until }, { isSet: isSet === true, again: true })
      await store.commit({ jobs: [later], done: job.id })
      return 'committed'
    }
    const isTold = incidents.length > 0 || isSet === true
    const lines = overLines(parts.policy, window, incidents, now)
    await store.commit({
      jobs: isTold
        ? (lookup.room(window.room)?.chats ?? []).map((chat) => sayJob(job.id, chat, lines, PRIORITY.rest))
        : [],
      audit: [
        {
          at: now,
          who: 'system',
          what: 'window.over',
          subject: roomSubject(window.room),
          details: { window: window.id, kind: window.kind, from: window.from, incidents: incidents.length },
        },
      ],
      done: job.id,
    })
    return 'committed'
  }

  /** The incidents that opened under it in its room, oldest first. */
  async function incidentsIn({ id, room, from }: EndingWindow): Promise<Incident[]> {
    const found: Incident[] = []
    const atOf = (one: Incident) => one.resolvedAt ?? one.openedAt
    for (const open of [true, false])
      for await (const page of pagesOf<Incident>(store, { kind: 'incident', open }, atOf, PAGE)) {
        for (const { value } of page) {
          const isOfIt = value.hush?.window === id && value.hush.from === from
          if (isOfIt && lookup.breaker(value.breaker)?.room === room) found.push(value)
        }
        // What ended before the window began did not open in it.
        if (!open && atOf(page.at(-1)!.value) < from) break
      }
    return found.sort((a, b) => a.openedAt - b.openedAt)
  }

  return { run }
}
