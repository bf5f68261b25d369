import type { AlarmFacts } from '../domain/alarm.ts'
import { answer, type Reply, refuse } from '../domain/decision.ts'
import { DAY } from '../domain/local-time.ts'
import { message } from '../domain/message.ts'
import { may, type Person } from '../domain/people.ts'
import type { BreakerConfig, ChatRef } from '../domain/policy.ts'
import type { Job, JobResult, NewJob, Write } from '../store/store.ts'
import { alarmJob } from './alarm-jobs.ts'
import { getAlarm, type Parts, roomSubject } from './parts.ts'
import { sayJob } from './send-jobs.ts'

/** So many drills of one room in any 24 h. */
const A_DAY = 6
/** A drill that was asked for this long ago is over, whatever became of it, ms. */
const LONGEST = 1_800_000

/** What is remembered of a room's drills. */
interface RoomDrills {
  /** The newest. */
  alarm: string
  /** When those of the last 24 h were asked for, ms. */
  asked: number[]
}

/** What is to be written for a drill to begin, or why it must not. */
export type DrillBegins = { title: AlarmFacts['title']; writes: Write[]; jobs: NewJob[] } | { refused: Reply }

export interface DrillWish {
  room: string
  /** Whose policy is gone through; absent: the room's. */
  breaker?: BreakerConfig
  /** Absent: the calendar's. */
  by?: string
}

const drillsKey = (room: string): string => `drills/${room}`

/** Takes one more drill of a room: one at a time, and no more than a few a day. */
export async function beginDrill(
  { store, now, newId }: Pick<Parts, 'store' | 'now' | 'newId'>,
  { room, breaker, by }: DrillWish,
): Promise<DrillBegins> {
  const at = now()
  const known = await store.get<RoomDrills>(drillsKey(room))
  const asked = (known?.value.asked ?? []).filter((one) => one > at - DAY)
  const newest = asked.at(-1)
  if (known && newest !== undefined && newest > at - LONGEST) {
    const alarm = await getAlarm(store, known.value.alarm)
    if (alarm?.value.status !== 'resolved') return { refused: refuse('drill.stands', { room }) }
  }
  if (asked.length >= A_DAY) return { refused: refuse('drill.enough', { room, most: A_DAY }) }
  const alarm = newId()
  const facts = factsOf({ room, ...(breaker && { breaker }), ...(by !== undefined && { by }) })
  const value: RoomDrills = { alarm, asked: [...asked, at] }
  return {
    title: facts.title,
    writes: [{ key: drillsKey(room), value, version: known?.version ?? 0 }],
    jobs: [alarmJob(`drill:${alarm}`, alarm, { type: 'raise', facts })],
  }
}

function factsOf({ room, breaker, by }: DrillWish): AlarmFacts {
  return {
    kind: 'drill',
    room,
    ...(breaker && { site: breaker.site, breaker: breaker.id }),
    ...(by !== undefined && { by }),
    severity: 'critical',
    title: message('drill.title', { what: breaker?.name ?? room }),
    notes: [
      message('drill.note'),
      by === undefined ? message('drill.by-calendar') : message('drill.by', { person: by }),
    ],
  }
}

/** Carries out `演练`. */
export function createDrills(parts: Parts) {
  const { store } = parts

  async function say(
    job: Job,
    chat: ChatRef,
    person: Person,
    { room, breaker }: { room: string | undefined; breaker?: BreakerConfig },
  ): Promise<JobResult> {
    if (room === undefined) return reply(job, chat, refuse('drill.group-only'))
    // It rings the people of this room: a role elsewhere is not enough.
    const here = breaker ? [breaker] : parts.policy.breakers.filter((one) => one.room === room)
    if (here.length > 0 ? !here.some((one) => may(person, 'acknowledge', one)) : !may(person, 'acknowledge'))
      return reply(job, chat, refuse('gate.role', { person: person.name }))
    const begins = await beginDrill(parts, { room, by: person.name, ...(breaker && { breaker }) })
    if ('refused' in begins) return reply(job, chat, begins.refused)
    const { title, writes, jobs } = begins
    const said = answer('drill.begun', { title })
    const committed = await store.commit({
      writes,
      jobs: [...jobs, sayJob(job.id, chat, [said.text])],
      audit: [{ at: parts.now(), who: person.name, what: 'drill.asked', subject: roomSubject(room) }],
      done: job.id,
    })
    return committed === 'ok' ? 'committed' : say(job, chat, person, { room, ...(breaker && { breaker }) })
  }

  async function reply(job: Job, chat: ChatRef, { text }: Reply): Promise<JobResult> {
    await store.commit({ jobs: [sayJob(job.id, chat, [text])], done: job.id })
    return 'committed'
  }

  return { say }
}
