import { readArrange } from '../domain/arrange-words.ts'
import type { Arrange, ArrangeDecision } from '../domain/arrangement.ts'
import { decideArrange } from '../domain/arranging.ts'
import type { CommandName } from '../domain/command.ts'
import { dutyLines } from '../domain/duty.ts'
import type { EndingWindow } from '../domain/event.ts'
import { type Incident, isHushed } from '../domain/incident.ts'
import { zoneOf } from '../domain/local-time.ts'
import { type Message, message } from '../domain/message.ts'
import type { Person } from '../domain/people.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Window } from '../domain/window.ts'
import { windowLines } from '../domain/window-text.ts'
import type { Job, JobResult, NewJob } from '../store/store.ts'
import { arrangedPolicy, arrangementsWrite, layOver, readArrangements } from './arrangements.ts'
import { insideJob } from './follow-up.ts'
import { pagesOf } from './paging.ts'
import { chatKey, type Lookup, type Parts, roomSubject } from './parts.ts'
import type { Place, Typed } from './place.ts'
import { sayJob } from './send-jobs.ts'
import { endedWindowJob, windowJob, windowJobId } from './windows.ts'

const PAGE = 200

/** Carries out `静音`, `维护`, `免打扰` and `代班`: kept in the store, told to the rooms concerned. */
export function createArranging(parts: Parts, lookup: Lookup) {
  const { store } = parts

  async function run(
    job: Job,
    chat: ChatRef,
    place: Place,
    typed: Extract<Typed, { kind: 'arrange' }>,
  ): Promise<JobResult> {
    const read = readIn(place, typed)
    if (!('arrange' in read)) {
      // Talk that begins with one of the words, and arranges nothing.
      if (!typed.addressed) return 'done'
      const lines = 'lines' in read ? read.lines : await standing(place, typed.command)
      await store.commit({ jobs: [sayJob(job.id, chat, lines)], done: job.id })
      return 'committed'
    }
    return carryOut(job, chat, place, read.arrange)
  }

  async function carryOut(job: Job, chat: ChatRef, place: Place, arrange: Arrange): Promise<JobResult> {
    const before = await readArrangements(store)
    const now = parts.now()
    const policy = layOver(parts.policy, before.value, now)
    const given = { policy, now, newId: parts.newId, room: roomOf(place)! }
    const decision = decideArrange(before.value, arrange, place.person as Person, given)
    const committed = await store.commit({
      writes: decision.next ? [arrangementsWrite(before, decision.next, now)] : [],
      jobs: [...answers(job, chat, decision), ...listsOf(decision, now), ...(await releases(job, decision))],
      cancel: [...decision.ended, ...replacedIn(decision)].flatMap(({ window, from }) =>
        decision.rooms.map((room) => windowJobId({ id: window.id, room, from })),
      ),
      audit: (decision.rooms.length > 0 ? decision.rooms : [given.room]).flatMap((room) =>
        decision.audit.map((line) => ({ ...line, at: now, subject: roomSubject(room) })),
      ),
      done: job.id,
    })
    return committed === 'ok' ? 'committed' : carryOut(job, chat, place, arrange)
  }

  /** The rooms concerned are told; the one who wrote is answered where no room's chat tells it. */
  function answers(job: Job, chat: ChatRef, { rooms, notice, reply }: ArrangeDecision): NewJob[] {
    const chats = notice ? rooms.flatMap((room) => lookup.room(room)?.chats ?? []) : []
    const isTold = chats.some((one) => chatKey(one) === chatKey(lookup.configured(chat)))
    return [
      ...chats.map((one) => sayJob(`${job.id}:all`, one, [notice!])),
      ...(isTold ? [] : [sayJob(job.id, chat, [reply.text])]),
    ]
  }

  /** What happened is listed: when a window that was set will be over, and now where one was ended. */
  function listsOf({ rooms, set, ended }: ArrangeDecision, now: number): NewJob[] {
    const endings = (window: Window, from: number, until: number): EndingWindow[] =>
      rooms.map((room) => ({ id: window.id, kind: window.kind, scope: window.scope, room, from, until }))
    const coming =
      set && 'until' in set.when
        ? endings(set, set.when.from, set.when.until).map((one) => windowJob(one, { isSet: true }))
        : []
    return [
      ...coming,
      ...ended.flatMap(({ window, from }) => endings(window, from, now).map((one) => endedWindowJob(one))),
    ]
  }

  /** Each incident that an ended window kept quiet is looked at anew. */
  async function releases(job: Job, decision: ArrangeDecision): Promise<NewJob[]> {
    if (decision.ended.length + replacedIn(decision).length === 0) return []
    const jobs: NewJob[] = []
    for await (const page of pagesOf<Incident>(
      store,
      { kind: 'incident', open: true },
      (one) => one.openedAt,
      PAGE,
    ))
      for (const { value } of page)
        if (isHushed(value))
          jobs.push(
            insideJob(`hush-ended:${job.id}:${value.id}`, value.breaker, {
              type: 'hush-over',
              incident: value.id,
            }),
          )
    return jobs
  }

  function readIn(
    place: Place,
    { command, rest }: Extract<Typed, { kind: 'arrange' }>,
  ): { arrange: Arrange } | { lines: Message[] } | Record<string, never> {
    const room = roomOf(place)
    if (room === undefined) return { lines: [message('arrange.which-room')] }
    const read = readArrange(command, rest, {
      breakers: place.breakers,
      people: parts.policy.people,
      room,
      answered: place.breakers.find((one) => one.id === place.answered?.breaker)?.id,
      person: place.person!.name,
      now: parts.now(),
      timezone: zoneOf(parts.policy, room),
    })
    if (read === undefined || read === 'list') return {}
    return 'say' in read ? { lines: [read.say] } : read
  }

  async function standing(place: Place, command: CommandName): Promise<Message[]> {
    const policy = await arrangedPolicy(parts)
    const room = roomOf(place)
    if (command === 'cover') return [...dutyLines(policy, [room!], parts.now()), message('arrange.how-cover')]
    const how = command === 'quiet' || command === 'maintenance' ? command : 'mute'
    const lines = windowLines(policy, { breakers: place.breakers, room }, parts.now())
    return [...(lines.length > 0 ? lines : [message('window.none')]), message(`arrange.how-${how}`)]
  }

  /** The room that is spoken of: one-to-one the only one of the breakers that the person may see. */
  function roomOf({ room, breakers }: Place): string | undefined {
    const rooms = [...new Set(breakers.map((one) => one.room))]
    return room?.name ?? (rooms.length === 1 ? rooms[0] : undefined)
  }

  return { run }
}

const replacedIn = ({ replaced = [] }: ArrangeDecision) =>
  replaced.flatMap((window) => ('until' in window.when ? [{ window, from: window.when.from }] : []))
