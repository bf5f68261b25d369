import { ALARM_CARD, type Alarm } from '../domain/alarm.ts'
import type { GroupRun } from '../domain/group-run.ts'
import { isStanding } from '../domain/group-run.ts'
import { type Incident, isHushed, isOpen } from '../domain/incident.ts'
import type { ChatRef } from '../domain/policy.ts'
import { GROUP_CARD } from '../domain/run-card.ts'
import { STORM_CARD, type Storm } from '../domain/storm.ts'
import type { NewJob, Versioned } from '../store/store.ts'
import { type CardRecord, cardRecordKey } from './cards.ts'
import { getChat } from './chat-state.ts'
import { getControl } from './control.ts'
import { pagesOf } from './paging.ts'
import { chatKey, type Lookup, type Parts } from './parts.ts'
import { cardJob, type Origin } from './send-jobs.ts'
import type { SendWork } from './work.ts'

const LEASE = 'card-sweep'
const EVERY = 120_000
/** A chat works again: so soon it is looked what it has missed, ms. */
const SOON = 1000
const TOPIC = 'card-sweep'
/** What ended longer ago is left as it is, ms. */
const BACK = 24 * 3_600_000
/** So many cards are looked at in one pass; the next one goes on from there. */
const LOOKED_AT = 1000
/** So many are brought up to date in one chat and pass, and in one that takes nothing, to see whether it does again. */
const MENDED = 20
const TRIED = 1
/** So many are read at a time. */
const PAGE = 200

/** What has a card, and where that belongs. */
interface Shown {
  id: string
  /** As card jobs name it. */
  breaker: string
  version: number
  isOpen: boolean
  chats: ChatRef[]
}

/**
 * Looks now and then whether the cards in the chats show the present state, and has those brought up to date that do
 * not: a change may have been refused, or a job given up. Of several instances one does it.
 */
export function createCardSweep(parts: Parts, lookup: Lookup, every = EVERY) {
  const { store, log, now } = parts
  const holder = parts.newId()
  let rest: AsyncGenerator<Shown> | undefined
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let stopped = false
  let isWanted = false
  let deafen: (() => void) | undefined

  async function pass(): Promise<void> {
    if (!(await store.lease(LEASE, holder, every * 1.5))) return
    const left = new Map<string, number>()
    const changes = (await getControl(store))?.changes ?? 0
    const at = now()
    // Somebody may ask meanwhile for a list from the start: this one is looked at to the end of the pass all the same.
    rest ??= everything(at - BACK)
    const list = rest
    const jobs: NewJob[] = []
    for (let looked = 0; looked < LOOKED_AT && !stopped; looked++) {
      const next = await list.next()
      if (next.done) {
        if (rest === list) rest = undefined
        break
      }
      jobs.push(...(await mending(next.value, changes, left, at)))
    }
    if (jobs.length === 0) return
    await store.enqueue(jobs)
    log.info({ cards: jobs.length }, 'cards that show an old state are brought up to date')
  }

  async function mending(shown: Shown, changes: number, left: Map<string, number>, at: number) {
    const jobs: NewJob[] = []
    for (const chat of shown.chats) {
      const record = await store.get<CardRecord>(cardRecordKey(chat, shown.id))
      if (!isBehind(shown, shown.version + changes, record?.value, chat)) continue
      const key = chatKey(chat)
      const room = left.get(key) ?? ((await getChat(store, chat)).broken ? TRIED : MENDED)
      left.set(key, room - 1)
      if (room > 0) jobs.push(sweptJob(shown.breaker, shown.id, chat, at))
    }
    return jobs
  }

  /** Where a card cannot be changed, what happened was told by a text: only one that is not there at all is missing. */
  function isBehind(shown: Shown, version: number, record: CardRecord | undefined, { channel }: ChatRef) {
    if (record?.message === undefined) return shown.isOpen
    return record.shown < version && parts.channels.get(channel)?.abilities.updateAnyTime === true
  }

  /** All that is open, and what has ended since. */
  async function* everything(since: number): AsyncGenerator<Shown> {
    for (const open of [true, false]) {
      for await (const { value } of listed<GroupRun>('run', open, (one) => one.askedAt, since))
        yield ofRun(value)
      // One that has counted nothing yet has nothing to show: its first card is urgent, and not for the sweep to send.
      for await (const { value } of listed<Storm>('storm', open, (one) => one.since, since))
        if (value.version > 0) yield ofStorm(value)
      const alarms = listed<Alarm>('alarm', open, (one) => one.resolvedAt ?? one.openedAt, since)
      for await (const { value } of alarms) if (!value.hushed) yield ofAlarm(value)
      const incidents = listed<Incident>('incident', open, (one) => one.resolvedAt ?? one.openedAt, since)
      for await (const { value } of incidents) if (!value.storm && !isHushed(value)) yield ofIncident(value)
    }
  }

  /** The documents of a kind, newest first; the closed ones back to a time. */
  async function* listed<T>(
    kind: string,
    open: boolean,
    atOf: (value: T) => number,
    since: number,
  ): AsyncGenerator<Versioned<T>> {
    for await (const page of pagesOf<T>(store, { kind, open }, atOf, PAGE)) {
      yield* page.filter(({ value }) => open || atOf(value) >= since)
      if (!open && atOf(page.at(-1)!.value) < since) return
    }
  }

  function ofIncident(incident: Incident): Shown {
    const { id, breaker, version } = incident
    const config = lookup.breaker(breaker)
    const chats = (config && lookup.room(config.room)?.chats) ?? []
    return { id, breaker, version, isOpen: isOpen(incident), chats }
  }

  function ofRun(run: GroupRun): Shown {
    const { id, version, chats } = run
    return { id, breaker: GROUP_CARD, version, isOpen: isStanding(run), chats }
  }

  function ofAlarm({ id, room, version, status }: Alarm): Shown {
    const chats = lookup.room(room)?.chats ?? []
    return { id, breaker: ALARM_CARD, version, isOpen: status !== 'resolved', chats }
  }

  function ofStorm({ id, room, version, phase }: Storm): Shown {
    const chats = lookup.room(room)?.chats ?? []
    return { id, breaker: STORM_CARD, version, isOpen: phase !== 'over', chats }
  }

  function plan(pause = every): void {
    timer = setTimeout(() => {
      timer = undefined
      isWanted = false
      running = pass()
        .catch((error) => {
          rest = undefined
          log.error({ error: String(error) }, 'looking for cards that show an old state failed')
        })
        .finally(() => {
          if (!stopped) plan(isWanted ? SOON : every)
        })
    }, pause)
  }

  /** From the start of the list, and soon. */
  function hurry(): void {
    rest = undefined
    isWanted = true
    if (timer === undefined || stopped) return
    clearTimeout(timer)
    plan(Math.min(SOON, every))
  }

  return {
    start(): void {
      deafen = store.hear(TOPIC, hurry)
      plan()
    },
    /** Some chat takes messages again: whoever looks, at whichever instance, looks soon. */
    wanted: (): void => store.broadcast(TOPIC, {}),
    async stop(): Promise<void> {
      stopped = true
      deafen?.()
      clearTimeout(timer)
      await running
      await store.release(LEASE, holder).catch(() => {})
    },
  }
}

/** Brings a card up to date that was found to show an old state. */
function sweptJob(breaker: string, id: string, chat: ChatRef, now: number): NewJob {
  const origin: Origin = { job: `sweep:${now}`, now, askedAt: now, isTold: () => false }
  const job = cardJob(breaker, { do: 'card', subject: id, urgent: false }, chat, origin)
  return { ...job, payload: { ...(job.payload as SendWork), swept: true } }
}
