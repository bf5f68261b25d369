import type { JsonObject } from '../kit/json.ts'
import { type Answer, refuse } from './answers.ts'
import { checkCard } from './card-rules.ts'
import { member, textOf } from './json.ts'
import { type Conversation, cardKey, messageBudget, type World } from './world.ts'

export const MEDIA_TYPES = ['file', 'image', 'voice', 'video']
/** What `aibot_send_msg` takes. `text` is refused: documented for neither, seen as 40008. */
export const SENDABLE = ['markdown', 'template_card', ...MEDIA_TYPES]

/** What is wrong with a message's type and content, or undefined. */
export function checkContent(
  world: World,
  botId: string,
  body: JsonObject,
  types: string[],
): Answer | undefined {
  const type = textOf(body, 'msgtype') ?? ''
  const content = member(body, type)
  if (world.settings.checkMessageType && (!types.includes(type) || !content)) return refuse(40008)
  if (type === 'markdown' || type === 'text') return checkText(world, textOf(content, 'content'))
  if (type === 'template_card') return checkNewCard(world, botId, content)
  if (MEDIA_TYPES.includes(type)) return checkMedia(world, botId, type, textOf(content, 'media_id'))
  return undefined
}

/** The size is documented; the code is inferred. */
export function checkText(world: World, text: string | undefined): Answer | undefined {
  if (text === undefined) return refuse(40058, 'content is missing')
  const limit = world.settings.markdownBytes
  return Buffer.byteLength(text) > limit ? refuse(40058, `content exceeds ${limit} bytes`) : undefined
}

export function checkNewCard(world: World, botId: string, card: JsonObject | undefined): Answer | undefined {
  if (!world.settings.checkCards) return undefined
  if (!card) return refuse(40058, 'template_card is missing')
  return checkCard(card, (taskId) => world.cards.has(cardKey(botId, taskId)))
}

/** 40007 is in the global list of codes; that another bot's media are none is inferred. */
function checkMedia(
  world: World,
  botId: string,
  type: string,
  mediaId: string | undefined,
): Answer | undefined {
  const media = mediaId === undefined ? undefined : world.media.get(mediaId)
  const usable = media?.botId === botId && media.type === type && media.expiresAt > world.clock.now()
  return usable ? undefined : refuse(40007)
}

/** 846607 when the conversation has used up its minute or its hour. Refused messages do not count: our choice. */
export function checkBudget(world: World, botId: string, conversation: Conversation): Answer | undefined {
  const { messagesPerMinute, messagesPerHour } = world.settings
  const spent = messageBudget(world, botId, conversation).spent([
    { within: 60_000, max: messagesPerMinute },
    { within: 3_600_000, max: messagesPerHour },
  ])
  return spent ? refuse(846607) : undefined
}
