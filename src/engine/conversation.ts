import type { Job, JobResult } from '../store/store.ts'
import { createAlarms } from './alarms.ts'
import { createAliases } from './aliases.ts'
import { createAnswers } from './answers.ts'
import { createArranging } from './arranging.ts'
import type { BindCodes } from './bind-codes.ts'
import { createBinding } from './binding.ts'
import type { Bindings } from './bindings.ts'
import { createDeeds } from './console/deeds.ts'
import type { LinkOptions } from './console/links.ts'
import { createConsoleWords } from './console/words.ts'
import { createControl } from './control.ts'
import { createDrills } from './drills.ts'
import { createInbox } from './inbox.ts'
import { createLines } from './lines.ts'
import { createMissed } from './missed.ts'
import type { Lookup, Parts } from './parts.ts'
import { createPresses } from './presses.ts'
import { createReportAsking } from './reports/asking.ts'
import { createRuns } from './runs.ts'
import { createStorms } from './storms.ts'
import { joinIncident } from './story.ts'
import { createWindows } from './windows.ts'
import type { EventWork, PressWork } from './work.ts'

/** What people do in chats, and what concerns more than one breaker's lane: group runs, storms, and alarms that are no
 * breaker's. */
export function createConversation(
  parts: Parts,
  lookup: Lookup,
  bindings: Bindings,
  codes: BindCodes,
  { sessions, publicUrl }: LinkOptions,
) {
  const { store, log, now } = parts
  const aliases = createAliases(store, (chat) => lookup.roomOfChat(chat) !== undefined)
  const answers = createAnswers(store)
  const runs = createRuns(parts, lookup, aliases, answers)
  const windows = createWindows(parts, lookup)
  const storms = createStorms(parts, lookup, aliases, answers)
  const missed = createMissed(parts, lookup)
  const alarms = createAlarms(parts, lookup, aliases, answers)
  const drills = createDrills(parts)
  const reports = createReportAsking(parts, lookup)
  const presses = createPresses(parts, lookup, aliases, answers, { runs, storms, alarms, missed })
  const inbox = createInbox(parts, lookup, aliases, { answers, presses, missed })
  const binding = createBinding({ store, log, now, codes }, lookup, bindings)
  const control = createControl(parts, lookup)
  const arranging = createArranging(parts, lookup)
  const deeds = createDeeds(parts, lookup, runs)
  const consoleWords = createConsoleWords(parts, sessions, publicUrl)
  const lines = createLines(parts, lookup, aliases, {
    ...{ runs, storms, alarms, drills, reports, control, binding, arranging, consoleWords },
  })
  let ears: (() => void)[] = []

  async function press(job: Job, work: PressWork): Promise<JobResult> {
    const { id, action } = work.pressed
    await joinIncident(parts, id)
    log.info({ channel: work.channel, action, about: id, job: job.id }, 'somebody pressed')
    return presses.run(job, work)
  }

  function run(job: Job, work: Exclude<EventWork, { from: 'push' | 'inside' | 'site' }>): Promise<JobResult> {
    switch (work.from) {
      case 'press':
        return press(job, work)
      case 'text':
        log.info({ channel: work.channel, job: job.id }, 'somebody wrote')
        return lines.run(job, work)
      case 'run':
        return runs.run(job, work.run, work.event)
      case 'alarm':
        return alarms.run(job, work.alarm, work.event)
      case 'storm':
        return storms.run(job, work)
      case 'window':
        return windows.run(job, work)
      case 'console':
        return deeds.run(job, work)
    }
  }

  return {
    aliases,
    deeds,
    run,
    receive: inbox.receive,
    recountStorms: storms.recount,
    /** Learns what was said in chats before, and hears what other instances learn. */
    async begin(): Promise<void> {
      ears = [answers.hear(), deeds.hear(), aliases.hear(), bindings.hear()]
      await Promise.all([aliases.load(), bindings.load()])
    },
    end(): void {
      for (const deafen of ears) deafen()
    },
  }
}
