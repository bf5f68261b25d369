import { keepNewest } from '../../domain/newest.ts'
import type { ChatAnswer, Log, Receipt, Receive } from '../channel.ts'
import { orAfter } from '../kit/waiting.ts'
import { updateFor } from './answer.ts'
import { type Heard, readFrame } from './inputs.ts'
import type { Session } from './session.ts'

/** What is heard over the long connection. */
export interface Inbox {
  take(frame: unknown, session: Session): void
  /** Takes nothing more; resolves when what was taken has been answered, or after so many ms. */
  close(within: number): Promise<void>
}

export interface InboxOptions {
  receive: Receive
  /** How long the answer to a press may take, ms. WeCom waits 5 s, people do not. */
  answerWithin: number
  now(): number
  log: Log
}

type Press = Extract<Heard, { kind: 'press' }>

/** So many req_ids are remembered; a frame is repeated soon after it came, if ever. */
const REMEMBERED = 500

export function createInbox({ receive, answerWithin, now, log }: InboxOptions): Inbox {
  const underWay = new Set<Promise<void>>()
  const inHand = new Set<string>()
  const ending = new AbortController()
  let closed = false

  function hear(frame: unknown, session: Session): Promise<void> {
    const heard = readFrame(frame, now())
    switch (heard.kind) {
      case 'press':
        return answer(heard, session)
      case 'text':
        return receive(heard.input).taken
      case 'other':
        log.debug({ what: heard.what }, 'passed over what means nothing here')
        return Promise.resolve()
      case 'unreadable':
        log.warn({}, 'passed over a frame that cannot be read')
        return Promise.resolve()
    }
  }

  async function answer({ reqId, taskId, input }: Press, session: Session): Promise<void> {
    // A second answer to one callback would be refused (846606), so a repeated frame has nothing to add.
    if (inHand.has(reqId)) return
    const receipt = receive(input)
    inHand.add(reqId)
    keepNewest(inHand, REMEMBERED)
    receipt.taken.catch(() => inHand.delete(reqId))
    const given = await orAfter(answerWithin, answerOf(receipt), {}, ending.signal)
    const update = updateFor(given, input.sender.id, taskId)
    const reply = update && (await session.request('aibot_respond_update_msg', update.body, reqId))
    const drawn = reply?.kind === 'answered' && reply.code === 0
    // What was done shows on a card for all; what was refused does not.
    const told = drawn && (update?.tells === true || !given.alert)
    receipt.shown(drawn && update?.forAll === true, drawn && update?.forAll === false, told)
    if (reply && !drawn) {
      log.warn({ card: taskId, reply }, 'a press was not answered on its card')
    }
  }

  return {
    take(frame, session) {
      if (closed) return
      const work = (async () => hear(frame, session))()
        .catch((error) => {
          // WeCom does not ask whether it was taken: whoever pressed or wrote has to do so again.
          log.error({ why: String(error) }, 'an input was not taken')
        })
        .finally(() => underWay.delete(work))
      underWay.add(work)
    },
    async close(within) {
      closed = true
      await orAfter(within, Promise.all(underWay), [])
      ending.abort()
    },
  }
}

/** What to show, but only once the press is safe. */
async function answerOf({ taken, answer }: Receipt): Promise<ChatAnswer> {
  await taken
  return answer
}
