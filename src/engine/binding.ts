import { type Message, message } from '../domain/message.ts'
import { mayEverywhere, type Person } from '../domain/people.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { AuditEntry, Job, JobResult, NewJob } from '../store/store.ts'
import { type BindCodes, type BindTarget, usedCodeKey } from './bind-codes.ts'
import { toldOf, triesOf, wrongByStrangers } from './bind-tries.ts'
import { type Bindings, listBindings } from './bindings.ts'
import { type Binding, bindingKey, idOf, targetsOf } from './bound-policy.ts'
import { peopleLine, rolesOf, roomsLine } from './introductions.ts'
import { chatKey, type Lookup, type Parts } from './parts.ts'
import { adminJob, sayJob } from './send-jobs.ts'
import type { TextWork } from './work.ts'

/** A code that somebody typed, and where. */
interface Try {
  job: Job
  work: TextWork
  chat: ChatRef
  code: string
}

/** Carries out `绑定 <code>` and `解绑`: what of the configuration's rooms and people is this chat, or this account. */
export function createBinding(
  parts: Pick<Parts, 'store' | 'now' | 'log'> & { codes: BindCodes },
  lookup: Lookup,
  bindings: Bindings,
) {
  const { store, codes, now } = parts

  async function bind(one: Try): Promise<JobResult> {
    const { job, work, chat, code } = one
    if ((await store.spend(triesOf(chat, work.input.sender.id))) > 0) return tooOften(one)
    const target = codes.read(code, work.channel, targetsOf(bindings.policy), now())
    if (target === 'wrong' && (await strangersTriedTooMany(one))) return tooOften(one)
    if (typeof target === 'string')
      return refuse(one, message(`bind.${target}`, { channel: channelOf(chat) }))
    const hindrance = hindranceTo(one, target)
    return hindrance ? refuse(one, hindrance, target) : take(job, one, target)
  }

  async function strangersTriedTooMany({ work: { channel, input } }: Try): Promise<boolean> {
    if (lookup.person(channel, input.sender.id)) return false
    return (await store.spend([wrongByStrangers(channel)])) > 0
  }

  /** The chat is told once, and an admin once a day for each chat: nobody can fill either by going on. */
  async function tooOften({ job, work, chat }: Try): Promise<JobResult> {
    const day = new Date(now()).toISOString().slice(0, 10)
    const told = { channel: channelOf(chat), chat: chat.chat, sender: work.input.sender.id }
    const isTold = await store.spend([toldOf(chat)])
    const jobs = [
      ...(isTold > 0 ? [] : [sayJob(job.id, chat, [message('bind.too-often')])]),
      adminJob(`guessing:${chatKey(chat)}:${day}`, message('admin.guessing', told)),
    ]
    await store.commit({ jobs, done: job.id })
    return 'committed'
  }

  /** What the target would get: the chat, or the sender. */
  const idFor = ({ work, chat }: Try, { kind }: BindTarget) =>
    kind === 'room' ? chat.chat : work.input.sender.id

  /** Why it is not bound, though the code is right. */
  function hindranceTo(one: Try, target: BindTarget): Message | undefined {
    const { work, chat } = one
    const [channel, id] = [channelOf(chat), idFor(one, target)]
    if (target.kind === 'person' && work.input.sender.anonymous) return message('whoami.anonymous')
    const filed = idOf(bindings.file, target, work.channel)
    if (filed !== undefined && filed !== id)
      return message('bind.file-says', { name: target.name, channel, id: filed })
    const holder = target.kind === 'room' ? lookup.roomOfChat(chat) : lookup.person(work.channel, id)
    if (!holder) return undefined
    const { name } = holder
    if (name === target.name) return message('bind.already', { name })
    const isFiled = idOf(bindings.file, { ...target, name }, work.channel) !== undefined
    return message(isFiled ? 'bind.is-in-file' : 'bind.is-bound', { name, channel, id })
  }

  async function take(job: Job, one: Try, target: BindTarget): Promise<JobResult> {
    const { work, chat, code } = one
    const { channel } = work
    const [used, at, id] = [usedCodeKey(code), now(), idFor(one, target)]
    const key = bindingKey({ ...target, channel })
    const [before, old] = await Promise.all([store.get(used), store.get<Binding>(key)])
    if (before) return refuse(one, message('bind.used'), target)
    const binding: Binding = { ...target, channel, id, by: whoOf(one), at }
    const committed = await store.commit({
      writes: [
        { key: used, value: { at }, version: 0, index: { at, open: false } },
        { key, value: binding, version: old?.version ?? 0, index: { at, open: true } },
      ],
      jobs: [sayJob(job.id, chat, [...done(target, chat, id), ...instead(old?.value)])],
      audit: [line(one, 'bind.bound', { ...target, id, ...(old && { instead: old.value.id }) })],
      done: job.id,
    })
    // Another instance has used it, or has bound another id: look again, at no further price.
    if (committed === 'conflict') return take(job, one, target)
    await bindings.changed(binding)
    return 'committed'
  }

  function done({ kind, name }: BindTarget, { channel, chat }: ChatRef, id: string): Message[] {
    const words = { name, channel: message(`channel.${channel}`), id }
    const person = kind === 'person' && bindings.policy.people.find((one) => one.name === name)
    if (!person)
      return [message('bind.room-done', words), message('bind.for-good'), roomsLine(name, { channel }, chat)]
    return [
      message('bind.person-done', { ...words, role: rolesOf(person) }),
      message('bind.for-good'),
      peopleLine(person, { channel }, id),
    ]
  }

  const instead = (old: Binding | undefined) => (old ? [message('bind.instead', { id: old.id })] : [])

  async function refuse(one: Try, why: Message, target?: BindTarget): Promise<JobResult> {
    await store.commit({
      jobs: [sayJob(one.job.id, one.chat, [why])],
      audit: [line(one, 'bind.refused', { why: why.key, ...target })],
      done: one.job.id,
    })
    return 'committed'
  }

  function whoOf({ work: { channel, input } }: Try): string {
    const { sender } = input
    return (!sender.anonymous && lookup.person(channel, sender.id)?.name) || `${channel}:${sender.id}`
  }

  function line(one: Try, what: string, details: Record<string, unknown>): AuditEntry {
    const { channel, input } = one.work
    return {
      at: now(),
      who: whoOf(one),
      what,
      subject: chatKey(one.chat),
      details: { ...details, sender: `${channel}:${input.sender.id}` },
    }
  }

  /** Takes back what was bound in chats: this chat, or all that a room or person of this name got. */
  async function unbind(job: Job, chat: ChatRef, person: Person, name: string): Promise<JobResult> {
    const { jobs, audit, removed } = mayEverywhere(person, 'administer')
      ? await removal(job, chat, person, name)
      : { ...answered(job, chat, message('control.not-admin', { person: person.name })), removed: [] }
    const writes = removed.map(({ key, version }) => ({ key, value: null, version }))
    const committed = await store.commit({ writes, jobs, audit, done: job.id })
    if (committed === 'conflict') return unbind(job, chat, person, name)
    if (removed.length > 0) await bindings.changed()
    return 'committed'
  }

  async function removal(job: Job, chat: ChatRef, person: Person, name: string) {
    const here = lookup.configured(chat)
    const removed = (await listBindings(store)).filter(({ value: one }) =>
      name === ''
        ? one.kind === 'room' && one.channel === here.channel && one.id === here.chat
        : one.name.toLowerCase() === name.toLowerCase(),
    )
    if (removed.length === 0) return { ...answered(job, chat, nothingBound(chat, name)), removed }
    const words = removed.map(({ value: one }) =>
      message('unbind.done', { name: one.name, channel: message(`channel.${one.channel}`), id: one.id }),
    )
    const audit = removed.map(({ value: { kind, name, channel, id } }) => ({
      at: now(),
      who: person.name,
      what: 'bind.removed',
      subject: chatKey(chat),
      details: { kind, name, channel, id },
    }))
    return { jobs: [sayJob(job.id, chat, words)], audit, removed }
  }

  function nothingBound(chat: ChatRef, name: string): Message {
    if (name !== '') return message('unbind.none', { name })
    return message(lookup.roomOfChat(chat) ? 'unbind.file' : 'unbind.none-here')
  }

  return { bind, unbind }
}

const channelOf = ({ channel }: ChatRef) => message(`channel.${channel}`)

const answered = (job: Job, chat: ChatRef, text: Message): { jobs: NewJob[]; audit: AuditEntry[] } => ({
  jobs: [sayJob(job.id, chat, [text])],
  audit: [],
})
