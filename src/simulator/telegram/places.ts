import { announce, announceStanding } from './announce.ts'
import type { MemberStatus, NewBot, NewChat, NewUser, TopicState } from './api.ts'
import { existingChat } from './people.ts'
import { addMessage, type Bot, type Chat, isAdmin, type World } from './world.ts'

/** What a bot is made with besides what tests say of it. */
export type BotParts = Pick<Bot, 'updates' | 'polling' | 'webhook'>

/** See `TelegramSim.addBot`. */
export function addBot(world: World, bot: NewBot, makeParts: (id: number) => BotParts): number {
  const id = Number(/^([1-9]\d*):./.exec(bot.token)?.[1])
  if (!Number.isSafeInteger(id)) throw new Error('A token looks like 123456:ABC')
  world.bots.set(id, {
    token: bot.token,
    user: { id, is_bot: true, first_name: bot.name ?? bot.username, username: bot.username },
    readsAll: bot.canReadAllGroupMessages ?? false,
    revoked: false,
    commands: new Map(),
    webhookSetAt: Number.NEGATIVE_INFINITY,
    ...makeParts(id),
  })
  return id
}

/** See `TelegramSim.addUser`. */
export function addUser(world: World, { id, name, username, languageCode, started = true }: NewUser) {
  world.users.set(id, {
    id,
    is_bot: false,
    first_name: name,
    ...(username !== undefined && { username }),
    ...(languageCode !== undefined && { language_code: languageCode }),
  })
  addPlace(world, {
    id,
    type: 'private',
    title: name,
    members: new Map([
      ...membersOf([id], 'member'),
      ...membersOf([...world.bots.keys()], started ? 'member' : 'left'),
    ]),
  })
}

/** See `TelegramSim.addChat`. */
export function addChat(world: World, chat: NewChat) {
  const { id, type, title, members = [], admins = [], topics, botAdmin = false } = chat
  if (id >= 0) throw new Error('The id of a group, supergroup or channel is negative')
  addPlace(world, {
    id,
    type,
    title,
    members: new Map([
      ...membersOf(members, 'member'),
      ...membersOf(admins, 'administrator'),
      ...membersOf(chat.bots ?? [...world.bots.keys()], botAdmin ? 'administrator' : 'member'),
    ]),
    ...(topics && {
      topics: new Map(topics.map((topic) => [topic.id, { name: topic.name, state: 'open' }])),
    }),
  })
}

type Place = Pick<Chat, 'id' | 'type' | 'title' | 'members' | 'topics'>

function addPlace(world: World, place: Place): Chat {
  const chat: Chat = { ...place, messages: new Map(), nextMessageId: 1, ephemerals: new Map() }
  world.chats.set(chat.id, chat)
  return chat
}

function membersOf(ids: number[], status: MemberStatus): Map<number, MemberStatus> {
  return new Map(ids.map((id) => [id, status]))
}

/** See `TelegramSim.setMember`. */
export function setMember(world: World, chatId: number, id: number, status: MemberStatus) {
  const chat = existingChat(world, chatId)
  const before = chat.members.get(id) ?? 'left'
  if (before === status) return
  chat.members.set(id, status)
  const bot = world.bots.get(id)
  if (!bot) return
  const admin = [...chat.members.keys()].find((member) => isAdmin(chat, member) && world.users.has(member))
  const person = [...chat.members.keys()].find((member) => world.users.has(member))
  announceStanding(world, bot, chat, admin ?? person ?? id, before)
}

/** See `TelegramSim.kickBot`. */
export function kickBots(world: World, chatId: number) {
  const bots = [...existingChat(world, chatId).members.keys()].filter((id) => world.bots.has(id))
  for (const id of bots) setMember(world, chatId, id, 'kicked')
}

/** See `TelegramSim.setTopic`. */
export function setTopic(world: World, chatId: number, topic: number, state: TopicState) {
  const found = existingChat(world, chatId).topics?.get(topic)
  if (!found) throw new Error(`Chat ${chatId} has no topic ${topic}`)
  found.state = state
}

/** See `TelegramSim.migrate`: a service message here and one there (documented). */
export function migrate(world: World, chatId: number, newId: number) {
  const old = existingChat(world, chatId)
  if (old.type !== 'group') throw new Error('Only a group can become a supergroup')
  const supergroup = addPlace(world, {
    id: newId,
    type: 'supergroup',
    title: old.title,
    members: new Map(old.members),
  })
  announce(world, addMessage(world, old, { kind: 'service', extra: { migrate_to_chat_id: newId } }))
  announce(world, addMessage(world, supergroup, { kind: 'service', extra: { migrate_from_chat_id: chatId } }))
  old.movedTo = newId
}
