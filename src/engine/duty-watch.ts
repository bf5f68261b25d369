import { type DutyGap, dutyGaps, gapFacts } from '../domain/duty-gap.ts'
import { message } from '../domain/message.ts'
import type { Versioned } from '../store/store.ts'
import { alarmJob } from './alarm-jobs.ts'
import { policyNow } from './control.ts'
import type { Parts } from './parts.ts'
import { createRounds } from './rounds.ts'

const EVERY = 180_000

/** The alarm of a room that says so, while it stands. */
interface GapRecord {
  room: string
  alarm: string
  /** What it says: a change is told anew. */
  says: string
}

const gapKey = (room: string): string => `no-duty/${room}`

/** Raises an alarm where nobody on duty can be reached, and ends it when somebody can. */
export function createDutyWatch(parts: Parts, every = EVERY) {
  const { store, now, newId } = parts

  async function look(): Promise<void> {
    const gaps = dutyGaps(await policyNow(parts), parts, now())
    const known = await store.list<GapRecord>({ kind: 'no-duty', open: true, limit: 1000 })
    for (const gap of gaps)
      await raise(
        gap,
        known.find(({ value }) => value.room === gap.room),
      )
    const over = known.filter(({ value }) => !gaps.some(({ room }) => room === value.room))
    for (const one of over) await end(one)
  }

  async function raise(gap: DutyGap, known: Versioned<GapRecord> | undefined): Promise<void> {
    const facts = gapFacts(gap)
    const says = JSON.stringify(facts)
    if (known?.value.says === says) return
    const alarm = known?.value.alarm ?? newId()
    const value: GapRecord = { room: gap.room, alarm, says }
    const version = known?.version ?? 0
    await store.commit({
      writes: [{ key: gapKey(gap.room), value, version, index: { at: now(), open: true } }],
      jobs: [alarmJob(`no-duty:${alarm}:${version}`, alarm, { type: 'raise', facts })],
    })
  }

  async function end({ key, version, value }: Versioned<GapRecord>): Promise<void> {
    const outcome = message('no-duty.over')
    await store.commit({
      writes: [{ key, value: null, version }],
      jobs: [alarmJob(`no-duty:${value.alarm}:over`, value.alarm, { type: 'resolve', outcome })],
    })
  }

  return createRounds(parts, { name: 'duty-watch', every }, look)
}
