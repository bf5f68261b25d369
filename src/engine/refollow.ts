import type { Alarm } from '../domain/alarm.ts'
import type { Incident } from '../domain/incident.ts'
import { alarmJob } from './alarm-jobs.ts'
import { insideJob } from './follow-up.ts'
import { pagesOf } from './paging.ts'
import type { Lookup, Parts } from './parts.ts'

const PAGE = 500

/**
 * Has every open alarm looked at by the configuration that holds now: steps may have come, gone or been moved, and what
 * was not configured for a while has lost its timers. Never rejects.
 */
export async function refollow({ store, log, now }: Parts, lookup: Lookup): Promise<void> {
  const again = now()
  try {
    const open = { open: true }
    for await (const page of pagesOf<Incident>(
      store,
      { kind: 'incident', ...open },
      (one) => one.openedAt,
      PAGE,
    ))
      await store.enqueue(
        page.flatMap(({ value: { id, breaker } }) =>
          lookup.breaker(breaker)
            ? [insideJob(`follow:${id}:${again}`, breaker, { type: 'follow', alarm: id, again })]
            : [],
        ),
      )
    for await (const page of pagesOf<Alarm>(store, { kind: 'alarm', ...open }, (one) => one.openedAt, PAGE))
      await store.enqueue(
        page.map(({ value: { id } }) =>
          alarmJob(`follow:${id}:${again}`, id, { type: 'follow', alarm: id, again }),
        ),
      )
  } catch (error) {
    log.warn({ error: String(error) }, 'open alarms go on by the configuration of before until they change')
  }
}
