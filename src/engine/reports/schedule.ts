import type { Policy } from '../../domain/policy.ts'
import { dueReports, nameOf, type ReportName, type ReportStep } from '../../domain/report-schedule.ts'
import type { Versioned } from '../../store/store.ts'
import type { Parts } from '../parts.ts'
import { createRounds } from '../rounds.ts'
import { type ReportWork, reportJob } from './work.ts'

const EVERY = 10_000
const KIND = 'report-schedule'
/** More reports than this no configuration has. */
const MOST = 100_000

/** How far one report has come. */
interface ReportRecord extends ReportName {
  /** The number of the last period that was seen to. */
  made: number
}

/**
 * Makes the jobs of the reports that are due. How far each has come is written in the commit that makes its job, by
 * compare-and-set: neither a restart nor another instance loses or doubles one.
 */
export function createReportSchedule(parts: Parts, every = EVERY) {
  const { store, log, now } = parts
  /** The policy of which the records of reports that it has no more have been dropped. */
  let tidied: Policy | undefined

  async function look(): Promise<void> {
    const { policy } = parts
    const { reports = [] } = policy
    if (reports.length === 0 && tidied === policy) return
    const known = await store.list<ReportRecord>({ kind: KIND, limit: MOST })
    const records = new Map(known.map((one) => [nameOf(one.value), one]))
    const madeTo = new Map([...records].map(([name, { value }]) => [name, value.made]))
    const at = now()
    for (const step of dueReports(policy, madeTo, at)) await take(step, records.get(nameOf(step.rule)), at)
    if (tidied === policy) return
    const names = new Set(reports.map(nameOf))
    // One that is entered again begins anew.
    for (const { key, version, value } of known)
      if (!names.has(nameOf(value))) await store.commit({ writes: [{ key, value: null, version }] })
    tidied = policy
  }

  async function take(
    { rule: { room, every }, made, due }: ReportStep,
    known: Versioned<ReportRecord> | undefined,
    at: number,
  ): Promise<void> {
    const value: ReportRecord = { room, every, made }
    const key = `${KIND}/${nameOf(value)}`
    const writes = [{ key, value, version: known?.version ?? 0, index: { at, open: true } }]
    if (!due) return void (await store.commit({ writes }))
    const work: ReportWork = {
      ...{ what: 'due', room, every, period: made, dueAt: due.at },
      ...(due.missedFrom !== undefined && { missedFrom: due.missedFrom }),
    }
    // By the version too: a period that was told while the clock was wrong may come again when it is right.
    const jobs = [reportJob(`report:${nameOf(value)}:${made}:${known?.version ?? 0}`, work)]
    if ((await store.commit({ writes, jobs })) === 'ok')
      log.info({ room, every, late: at - due.at }, 'a report is due')
  }

  return createRounds(parts, { name: 'reports', every }, look)
}
