import { askForRun } from '../domain/ask-run.ts'
import { decideRun } from '../domain/decide-run.ts'
import type { Reply } from '../domain/decision.ts'
import { type GroupRun, isStanding } from '../domain/group-run.ts'
import { message } from '../domain/message.ts'
import type { ChannelName, Person, Via } from '../domain/people.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { RunAsk, RunDecision, RunEvent, RunGiven } from '../domain/run-event.ts'
import type { Commit, Job, JobResult, NewJob } from '../store/store.ts'
import type { Aliases } from './aliases.ts'
import type { Answers } from './answers.ts'
import { getControl } from './control.ts'
import { runJob } from './follow-up.ts'
import { getBreaker, getRun, type Lookup, type Parts, roomSubject, runKey, standingRuns } from './parts.ts'
import type { Typed } from './place.ts'
import { runJobs } from './run-jobs.ts'
import { createRunPresses, isReply, type RunAnswered } from './run-presses.ts'
import { sayJob } from './send-jobs.ts'
import { actedAt, type TextWork } from './work.ts'

/** Tries before an event goes to the back of the line. */
const MAX_CONFLICTS = 10

/** Who asks for a run, and by what, where by no chat. */
interface Asker {
  channel: ChannelName
  sender: string
  via?: Via
}

/** How whoever asked is answered, in the same commit. */
type Answered = Pick<Commit, 'jobs' | 'writes'>

export type Runs = ReturnType<typeof createRuns>

/** The group runs: asked for by a line, confirmed and stopped by a line or a press, told of by their breakers. */
export function createRuns(parts: Parts, lookup: Lookup, aliases: Aliases, answers: Answers) {
  const { store } = parts

  async function given(): Promise<RunGiven> {
    const control = await getControl(store)
    const policy = control?.off ? { ...parts.policy, actuation: false } : parts.policy
    const offAt = control?.offAt
    return { policy, now: parts.now(), newId: parts.newId, ...(offAt !== undefined && { offAt }) }
  }

  /** Somebody wants a group opened or closed. */
  async function ask(
    job: Job,
    { channel, sender, via }: Asker,
    chat: ChatRef,
    person: Person,
    { to, place, breakers }: Extract<Typed, { kind: 'group' }>,
    // A card says it where there is one.
    answered: (reply: Reply, run?: GroupRun) => Answered = ({ text }, run) =>
      run ? {} : { jobs: [sayJob(job.id, chat, [text])] },
  ): Promise<JobResult> {
    const states = await Promise.all(
      breakers.map(async (config) => ({ config, state: (await getBreaker(store, config.id))?.value })),
    )
    const asked = {
      to,
      place,
      person,
      breakers: states,
      actor: { person: person.name, channel, ...(via && { via }) },
      sender,
      chat: lookup.configured(chat),
      others: await standingRuns(store),
    }
    const decision = askForRun(asked, await given())
    if (!('run' in decision)) {
      await store.commit({ ...answered(decision), done: job.id })
      return 'committed'
    }
    const commit = commitOf(job, decision, 0, await othersJobs(job, decision))
    const { jobs = [], writes = [] } = decision.reply ? answered(decision.reply, decision.run) : {}
    await store.commit({
      ...commit,
      jobs: [...commit.jobs, ...jobs],
      writes: [...commit.writes, ...writes],
    })
    return 'committed'
  }

  /** Decides on one event of a run and commits what follows from it, the event's own job included. */
  async function decide(
    job: Job,
    id: string,
    event: RunEvent,
    more: RunAnswered = {},
  ): Promise<JobResult | Reply> {
    for (let tried = 0; tried < MAX_CONFLICTS; tried++) {
      const run = await getRun(store, id)
      if (!run) return { dead: 'there is no such group run any more' }
      const decision = decideRun(run.value, event, await given())
      const { reply } = decision
      const extra = [...(await othersJobs(job, decision)), ...(reply && more.extra ? more.extra(reply) : [])]
      const answer = (reply && more.writes?.(reply, decision.run)) ?? []
      const made = commitOf(job, decision, run.version, extra, more.answeredIn)
      const commit = { ...made, writes: [...made.writes, ...answer] }
      if ((await store.commit(commit)) === 'ok') return reply ?? 'committed'
    }
    return { retryAt: parts.now() + 50, why: 'the state changed under the decision each time' }
  }

  function commitOf(
    job: Job,
    decision: RunDecision,
    version: number,
    extra: NewJob[],
    answeredIn?: ChatRef,
  ): Commit & Required<Pick<Commit, 'writes' | 'jobs'>> {
    const { run, audit } = decision
    const now = parts.now()
    const { jobs, cancel } = runJobs(parts, lookup, job.id, decision, now, answeredIn)
    const key = runKey(run.id)
    return {
      writes: [{ key, value: run, version, index: { at: run.askedAt, open: isStanding(run) } }],
      jobs: [...jobs, ...extra],
      cancel,
      audit: audit.flatMap((line) =>
        run.rooms.map((room) => ({ ...line, at: now, subject: roomSubject(room) })),
      ),
      done: job.id,
    }
  }

  /** A full off stops what closes its breakers. */
  async function othersJobs(job: Job, { run, effects }: RunDecision): Promise<NewJob[]> {
    if (!effects.some((one) => one.do === 'halt-closing')) return []
    const mine = new Set(run.steps.map((one) => one.breaker))
    const others = (await standingRuns(store)).filter(
      (one) => one.to === 'closed' && one.steps.some(({ breaker }) => mine.has(breaker)),
    )
    const why = message('run.full-off', { person: run.askedBy.person, place: run.place })
    return others.map((one) => runJob(`halt:${one.id}:${job.id}`, one.id, { type: 'run-halted', why }))
  }

  /** A typed word that confirms or stops a run. */
  async function say(
    job: Job,
    { channel, input }: TextWork,
    chat: ChatRef,
    { action, run }: Extract<Typed, { kind: 'run' }>,
  ): Promise<JobResult> {
    const { id: sender, anonymous = false } = input.sender
    const givenAt = actedAt(job, input)
    const event: RunAsk = { type: 'run-ask', action, channel, sender, anonymous, typed: true, givenAt }
    const result = await decide(job, run, event, { extra: ({ text }) => [sayJob(job.id, chat, [text])] })
    return isReply(result) ? 'committed' : result
  }

  /** An event of a run's own: a timer, or word of a step. */
  async function run(job: Job, id: string, event: RunEvent): Promise<JobResult> {
    const result = await decide(job, id, event)
    return isReply(result) ? 'committed' : result
  }

  return { ask, decide, say, press: createRunPresses(parts, lookup, aliases, answers, decide), run }
}
