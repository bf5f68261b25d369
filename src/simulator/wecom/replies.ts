import { type Answer, ok, refuse } from './answers.ts'
import { type Command, callbackFor } from './command.ts'
import { checkBudget, checkContent, checkNewCard, checkText, SENDABLE } from './content.ts'
import { member, textOf } from './json.ts'
import { cardOf, hasSource, placeCard, post, readable } from './posts.ts'
import { messageBudget, type OpenCallback } from './world.ts'

const STREAMS = ['stream', 'stream_with_template_card']

/** `aibot_respond_msg`: the answer to a person's message. */
export function respond(command: Command): Answer {
  const { world } = command
  const callback = callbackFor(command, 'message')
  if (!callback) return refuse(846605)
  if (world.clock.now() - callback.at > world.settings.replyWindow) return refuse(846604)
  const streamed = STREAMS.includes(textOf(command.body, 'msgtype') ?? '')
  return streamed ? respondStream(command, callback) : respondOnce(command, callback)
}

function respondOnce({ world, botId, body, lose }: Command, callback: OpenCallback): Answer {
  const begun = callback.answered || callback.streams.size > 0
  if (begun && world.settings.answerOnce) return refuse(846606)
  const refusal =
    checkContent(world, botId, body, SENDABLE) ?? checkBudget(world, botId, callback.conversation)
  if (refusal) return refusal
  callback.answered = true
  post(world, callback.conversation, { from: { bot: botId }, via: 'reply', body, hidden: lose })
  messageBudget(world, botId, callback.conversation).count()
  return ok()
}

/** Each frame carries the whole text so far; every frame counts towards the limits (seen). */
function respondStream(command: Command, callback: OpenCallback): Answer {
  const { world, botId, body, lose } = command
  const stream = member(body, 'stream')
  const id = textOf(stream, 'id')
  if (!stream || id === undefined) return refuse(40058, 'stream.id')
  const refusal =
    checkStream(command, callback, id) ??
    (stream.content === '' ? undefined : checkText(world, textOf(stream, 'content'))) ??
    checkStreamCard(command) ??
    checkBudget(world, botId, callback.conversation)
  if (refusal) return refusal
  const begun = callback.streams.get(id)
  const finished = stream.finish === true
  if (begun) {
    begun.finished = finished
    Object.assign(begun.message, { body, text: readable(body) })
    placeCard(world, callback.conversation, botId, body, lose || hasSource(world, cardOf(body)))
  } else {
    const message = post(world, callback.conversation, {
      from: { bot: botId },
      via: 'reply',
      body,
      hidden: lose,
    })
    callback.streams.set(id, { startedAt: world.clock.now(), finished, message })
  }
  messageBudget(world, botId, callback.conversation).count()
  return ok()
}

/** A second stream beside an unfinished one is refused (code inferred); after it, one was seen to be accepted. */
function checkStream({ world }: Command, callback: OpenCallback, id: string): Answer | undefined {
  if (callback.answered && world.settings.answerOnce) return refuse(846606)
  const begun = callback.streams.get(id)
  if (begun && world.clock.now() - begun.startedAt > world.settings.streamWindow) return refuse(846608)
  const other = [...callback.streams].some(([known, { finished }]) => known !== id && !finished)
  return other ? refuse(40058, 'another stream is unfinished') : undefined
}

/** A stream's card is optional, and may come with any frame, once. */
function checkStreamCard({ world, botId, body }: Command): Answer | undefined {
  const card = cardOf(body)
  return card && checkNewCard(world, botId, card)
}
