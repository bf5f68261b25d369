import type { ChannelName, PressInput } from '../channels/channel.ts'
import { type Message, message } from '../domain/message.ts'
import type { ChatRef } from '../domain/policy.ts'
import type { Job, NewJob } from '../store/store.ts'
import type { Pressed } from '../text/tokens.ts'
import type { Lookup, Parts } from './parts.ts'
import { mendJob, sayJob } from './send-jobs.ts'

/** Whoever pressed has been answered by then, if only that it is being worked on; ms after the press was kept. */
const NOBODY_WAITS = 2000
/** So many words in so many ms to one person, who may press in haste what does not answer. */
const WORDS = { most: 3, within: 60_000 }

/** A press, understood. `pressed` is missing for what no button of ours says. */
export interface Press {
  channel: ChannelName
  input: PressInput
  pressed?: Pressed
}

/** The jobs that tell what came of a press; none where the person has had enough. */
export type LateWords = (text: Message) => NewJob[]

/** Tells by a text, once for each press, what whoever pressed could not be shown. */
export interface Missed {
  /**
   * For a press that is decided when nobody waits for its answer any more: the jobs that tell it, for the commit of the
   * decision. Undefined for one that is in time.
   */
  late(job: Job, press: Press, chat: ChatRef): Promise<LateWords | undefined>
  /** Tells it at once; `id` is the press's job. Never rejects. */
  tell(id: string, press: Press, chat: ChatRef, text: string): Promise<void>
}

export function createMissed(parts: Parts, lookup: Lookup): Missed {
  const { store, log, now } = parts

  async function mayTell({ channel, input }: Press, chat: ChatRef): Promise<boolean> {
    if (chat.chat === '') return false
    return (await store.spend([{ name: `missed:${channel}:${input.sender.id}`, ...WORDS }])) === 0
  }

  function jobs(id: string, press: Press, chat: ChatRef, text: Message | string): NewJob[] {
    const { channel, input, pressed } = press
    const { updateAnyTime, cardInAnswer, mention } = parts.channels.get(channel)!.abilities
    const name = lookup.person(channel, input.sender.id)?.name ?? input.sender.name ?? input.sender.id
    const line = mention
      ? message('press.missed', { text })
      : message('press.missed-by', { person: name, text })
    const say = sayJob(`missed:${id}`, chat, [line], undefined, {
      ...(input.message !== undefined && { replyTo: input.message }),
      ...(mention && { mention: [{ id: input.sender.id, name }] }),
    })
    // What the presser alone may have been shown meanwhile is taken away.
    const isPrivate = updateAnyTime && cardInAnswer && pressed && input.message !== undefined
    return isPrivate ? [say, mendJob(id, pressed, chat, input.message!)] : [say]
  }

  return {
    async late(job, press, chat) {
      if (now() - job.createdAt < NOBODY_WAITS) return undefined
      const may = await mayTell(press, chat)
      return (text) => (may ? jobs(job.id, press, chat, text) : [])
    },
    async tell(id, press, chat, text) {
      try {
        if (await mayTell(press, chat)) await store.enqueue(jobs(id, press, chat, text))
      } catch (error) {
        log.warn({ press: id, error: String(error) }, 'what came of a press could not be told')
      }
    },
  }
}
