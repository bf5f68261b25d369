import type { Alarm } from '../domain/alarm.ts'
import type { Escalating } from '../domain/escalation.ts'
import type { Incident } from '../domain/incident.ts'
import { dateTime, type Message, message, time } from '../domain/message.ts'
import type { Policy } from '../domain/policy.ts'
import { held } from '../domain/steps.ts'
import type { Store, Versioned } from '../store/store.ts'
import { CONTROL, writeOffAfterRestore } from './control.ts'
import { alarmLines } from './notices.ts'
import { pagesOf } from './paging.ts'
import { createLookup } from './parts.ts'
import { PRIORITY } from './queues.ts'
import { sayJob } from './send-jobs.ts'
import { type Standing, standingOfAlarm, standingOfIncident } from './standing.ts'

/**
 * What was open at the time of the copy may be long over: for so long nobody is called for it, while the cloud tells how
 * the breakers stand and people look, ms.
 */
export const LOOK_FIRST = 600_000

const PAGE = 500

/**
 * Marks a store as one that was put back from an earlier time, before the service starts on it: control is off, what was
 * open then calls nobody before {@link LOOK_FIRST} is over, all rooms will be told, and the audit knows.
 * @param asOf the last moment of which the store knows, ms
 */
export async function noteRestored(
  store: Store,
  policy: Policy,
  { asOf, now }: { asOf: number; now: number },
): Promise<void> {
  const open = await holdOpen(store, policy, now)
  const control = message('control.restored', { at: dateTime(asOf) })
  const details = { asOf, open: open.length }
  let committed: string
  // A Redis may have others at it, though nobody should be.
  do
    committed = await store.commit({
      writes: [await writeOffAfterRestore(store, now)],
      jobs: policy.rooms.flatMap(({ name, chats }) => {
        const lines = [control, ...openLines(open, name, now)]
        return chats.map((chat) => sayJob(`restored:${now}`, chat, lines, PRIORITY.alarm))
      }),
      audit: [{ at: now, who: 'system', what: 'store.restored', subject: CONTROL, details }],
    })
  while (committed === 'conflict')
}

/** Everything that is open is held; answers with what of it people can be told of. */
async function holdOpen(store: Store, policy: Policy, now: number): Promise<Standing[]> {
  const lookup = createLookup({ policy })
  const incidents = await hold<Incident>(store, 'incident', now)
  const alarms = await hold<Alarm>(store, 'alarm', now)
  return [
    ...incidents.flatMap((one) => standingOfIncident(lookup, one) ?? []),
    ...alarms.filter(({ kind }) => kind !== 'drill').map(standingOfAlarm),
  ]
}

async function hold<T extends Escalating & { openedAt: number }>(
  store: Store,
  kind: string,
  now: number,
): Promise<T[]> {
  const found: T[] = []
  for await (const page of pagesOf<T>(store, { kind, open: true }, (one) => one.openedAt, PAGE)) {
    const committed = await store.commit({ writes: page.map((one) => heldWrite(one, now)) })
    if (committed === 'conflict') return hold(store, kind, now)
    found.push(...page.map(({ value }) => value))
  }
  return found
}

const heldWrite = <T extends Escalating & { openedAt: number }>(
  { key, value, version }: Versioned<T>,
  now: number,
) => ({
  key,
  value: held(value, now, now + LOOK_FIRST),
  version,
  index: { at: value.openedAt, open: true },
})

/** What of a room was open, newest first, and that it may be over. */
function openLines(all: readonly Standing[], room: string, now: number): Message[] {
  const here = all.filter((one) => one.room === room)
  if (here.length === 0) return []
  const until = time(now + LOOK_FIRST)
  return [message('restored.open', { count: here.length, until }), ...alarmLines(here, now)]
}
