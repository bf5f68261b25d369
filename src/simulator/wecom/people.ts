import { unixSeconds } from '../kit/clock.ts'
import type { JsonObject } from '../kit/json.ts'
import type {
  Callback,
  CardView,
  ChatRef,
  Click,
  ClickOutcome,
  ForgedClick,
  SayOptions,
  WeComSim,
} from './api.ts'
import { pressableKeys, viewOf } from './cards.ts'
import type { Connections } from './connections.ts'
import { post } from './posts.ts'
import { type Conversation, findCard, keyOf, newId, type OpenCallback, type World } from './world.ts'

export type People = Pick<
  WeComSim,
  'say' | 'click' | 'forgeClick' | 'enter' | 'cardAsSeenBy' | 'lostCallbacks'
>

const UNHEARD: Callback = { delivered: false, msgid: '', reqId: '' }

interface Deed {
  kind: OpenCallback['kind']
  cmd: 'aibot_msg_callback' | 'aibot_event_callback'
  conversation: Conversation
  userid: string
  botId: string
  msgid?: string
  ageS?: number
  /** What the callback holds beside the members that all callbacks have. */
  content: JsonObject
  edit?: ((body: JsonObject) => void) | undefined
}

/** What people do in the chats, and the callbacks that come of it. */
export function createPeople(world: World, connections: Connections, url: () => string): People {
  let lost = 0

  function find(chat: ChatRef): Conversation {
    const conversation = world.conversations.get(keyOf(chat))
    if (!conversation) throw new Error(`there is no chat ${keyOf(chat)}`)
    return conversation
  }

  function botOf(botId: string | undefined) {
    const bot = botId === undefined ? world.bots.values().next().value : world.bots.get(botId)
    if (!bot) throw new Error(`there is no bot ${botId ?? 'yet'}`)
    return bot
  }

  /** Pushes to the bot's connection, and remembers what may be answered. Nothing waits for a bot that is away. */
  function push(deed: Deed): { callback: OpenCallback; result: Callback } {
    const { conversation, botId, kind } = deed
    const effect = world.faults.callbacks.hit(kind) ?? { more: 0, ageS: 0 }
    const callback: OpenCallback = {
      ...{ reqId: newId(), kind, botId, at: world.clock.now(), conversation, answered: false },
      streams: new Map(),
    }
    const responseCode = newId()
    const msgid = deed.msgid ?? newId()
    const body: JsonObject = {
      msgid,
      create_time: unixSeconds(callback.at) - (deed.ageS ?? effect.ageS),
      aibotid: botId,
      ...(conversation.group && { chatid: conversation.id }),
      chattype: conversation.group ? 'group' : 'single',
      from: { userid: deed.userid },
      response_url: `${url()}/cgi-bin/aibot/response?response_code=${responseCode}`,
      ...deed.content,
    }
    deed.edit?.(body)
    const conn = connections.current(botId)
    if (conn) {
      world.callbacks.set(callback.reqId, callback)
      world.responseCodes.set(responseCode, { callback, used: false })
      const frame = { cmd: deed.cmd, headers: { req_id: callback.reqId }, body }
      for (let i = 0; i <= effect.more; i++) connections.write(conn, frame)
    } else {
      lost++
    }
    return { callback, result: { delivered: conn !== undefined, msgid, reqId: callback.reqId } }
  }

  /** Whether a person's deed in a chat goes to the bot at all. */
  function reaches(conversation: Conversation, userid: string): boolean {
    const visible = world.users.get(userid)?.visible ?? false
    return conversation.botMember && (visible || !world.settings.checkVisibility)
  }

  function say(chat: ChatRef, userid: string, text: string, options: SayOptions = {}): Callback {
    const conversation = find(chat)
    if (!conversation.members.includes(userid)) throw new Error(`${userid} is not in ${conversation.key}`)
    const { name, botId } = botOf(options.bot)
    const { mention = true, gap = ' ', quote, edit } = options
    const content = conversation.group && mention ? `@${name}${gap}${text}` : text
    const body: JsonObject = {
      msgtype: 'text',
      text: { content },
      ...(quote !== undefined && { quote: { msgtype: 'text', text: { content: quote } } }),
    }
    post(world, conversation, { from: { user: userid }, via: 'person', body })
    const heard = !conversation.group || mention || !world.settings.mentionNeeded
    if (!heard || !reaches(conversation, userid)) return UNHEARD
    conversation.interacted = true
    const cmd = 'aibot_msg_callback'
    return push({ kind: 'message', cmd, conversation, userid, botId, content: body, edit }).result
  }

  function enter(userid: string, bot?: string): Callback {
    const conversation = find({ user: userid })
    const { botId } = botOf(bot)
    if (!reaches(conversation, userid)) return UNHEARD
    const content = { msgtype: 'event', event: { eventtype: 'enter_chat', enter_chat: {} } }
    const cmd = 'aibot_event_callback'
    return push({ kind: 'enter', cmd, conversation, userid, botId, content }).result
  }

  function cardAsSeenBy(taskId: string, userid: string): CardView | undefined {
    const card = findCard(world, taskId)
    if (!card || !world.conversations.get(card.conversation)?.members.includes(userid)) return undefined
    return viewOf(card, userid)
  }

  function forgeClick(click: ForgedClick): Click {
    const { taskId, userid, key, selected, chat, msgid, ageS, edit } = click
    const card = findCard(world, taskId)
    const conversation = find(chat ?? card?.conversation ?? { user: userid })
    const { botId } = botOf(click.bot ?? card?.botId)
    const { callback, result } = push({
      ...{ kind: 'card', cmd: 'aibot_event_callback', conversation, userid, botId, edit },
      ...(msgid !== undefined && { msgid }),
      ...(ageS !== undefined && { ageS }),
      content: cardEvent(taskId, key, card && viewOf(card, userid), selected),
    })
    return { ...result, outcome: outcomeOf(callback, taskId, result.delivered) }
  }

  function outcomeOf(callback: OpenCallback, taskId: string, delivered: boolean): Promise<ClickOutcome> {
    if (!delivered) return Promise.resolve('unanswered')
    const { promise, resolve } = Promise.withResolvers<ClickOutcome>()
    const click = { taskId, refused: false, settle: resolve }
    callback.click = click
    const end = world.settings.eventWindow + 1
    world.timers.after(end, () => resolve(click.refused ? 'refused' : 'unanswered'))
    return promise
  }

  return {
    ...{ say, enter, cardAsSeenBy, forgeClick, lostCallbacks: () => lost },
    click(taskId, userid, key, options = {}) {
      const view = cardAsSeenBy(taskId, userid)
      if (!view) throw new Error(`${userid} sees no card ${taskId}`)
      if (!pressableKeys(view.card).includes(key)) {
        throw new Error(`there is no button ${key} on the card ${taskId} as ${userid} sees it`)
      }
      if (!reaches(find(findCard(world, taskId)?.conversation ?? ''), userid)) {
        return { ...UNHEARD, outcome: Promise.resolve('unanswered') }
      }
      return forgeClick({ taskId, userid, key, ...options })
    },
  }
}

/** Documented and seen: the members stand under one named like the event, not beside `eventtype` as the SDK's types say. */
function cardEvent(
  taskId: string,
  key: string,
  view: CardView | undefined,
  selected: Record<string, string[]> = {},
): JsonObject {
  const items = Object.entries(selected).map(([question, ids]) => ({
    question_key: question,
    option_ids: { option_id: ids },
  }))
  const detail = {
    card_type: view?.cardType ?? 'button_interaction',
    event_key: key,
    task_id: taskId,
    ...(items.length > 0 && { selected_items: { selected_item: items } }),
  }
  return { msgtype: 'event', event: { eventtype: 'template_card_event', template_card_event: detail } }
}
