import { type WeeklyTime, weekAt } from '../domain/duty.ts'
import { formatLocal, zoneOf } from '../domain/local-time.ts'
import { beginDrill } from './drills.ts'
import { type Parts, roomSubject } from './parts.ts'
import { createRounds } from './rounds.ts'

const EVERY = 10_000
/** One that is later than this is left out, ms: nobody expects it any more. */
const LATEST = 3_600_000

/** Which of its times was last seen to, for one room. */
interface WeeklyRecord {
  every: WeeklyTime
  /** ms. */
  seenTo: number
}

const weeklyKey = (room: string): string => `weekly-drill/${room}`

/**
 * Begins the drills of the calendar. What was seen to is in the store, in the commit that begins the drill: a restart
 * neither loses nor doubles one. One that fell due while the service was down is done within the hour, or left out.
 */
export function createWeeklyDrill(parts: Parts, every = EVERY) {
  const { store, log, now } = parts

  async function look(): Promise<void> {
    const { drill, rooms } = parts.policy
    if (!drill) return
    const meant = rooms.filter(({ name, chats }) => drill.rooms?.includes(name) ?? chats.length > 0)
    for (const { name } of meant) await lookAt(name, drill.every)
  }

  async function lookAt(room: string, at: WeeklyTime): Promise<void> {
    const timezone = zoneOf(parts.policy, room)
    const due = weekAt(at, now(), timezone).from
    const known = await store.get<WeeklyRecord>(weeklyKey(room))
    const isSame = JSON.stringify(known?.value.every) === JSON.stringify(at)
    if (isSame && known!.value.seenTo >= due) return
    const value: WeeklyRecord = { every: at, seenTo: due }
    const seen = { key: weeklyKey(room), value, version: known?.version ?? 0 }
    // One that was set just now begins with its next time.
    if (!isSame) return void (await store.commit({ writes: [seen] }))
    const when = formatLocal(due, timezone, 'date-time')
    if (now() - due > LATEST) {
      if ((await store.commit({ writes: [seen] })) === 'ok')
        log.warn(
          { room, due: when },
          'the weekly drill is left out: it is more than an hour late; the next is in a week',
        )
      return
    }
    const begins = await beginDrill(parts, { room })
    if ('refused' in begins) return log.debug({ room }, 'the weekly drill waits: another is under way')
    const audit = {
      at: now(),
      who: 'system',
      what: 'drill.weekly',
      subject: roomSubject(room),
      details: { due: when },
    }
    await store.commit({ writes: [seen, ...begins.writes], jobs: begins.jobs, audit: [audit] })
  }

  return createRounds(parts, { name: 'weekly-drill', every }, look)
}
