import { createClock } from '../kit/clock.ts'
import { createFaultScript } from '../kit/faults.ts'
import { createTimers } from '../kit/timers.ts'
import type { ApiCall, TelegramFault, TelegramSim, TelegramSimOptions, WebhookPush } from './api.ts'
import { createControl } from './control.ts'
import { seenMessage } from './describe.ts'
import { ApiError } from './errors.ts'
import { createExchange } from './exchange.ts'
import { createLimiter } from './limits.ts'
import { createParams } from './params.ts'
import * as people from './people.ts'
import * as places from './places.ts'
import { createPolling } from './polling.ts'
import { startServer } from './server.ts'
import { settingsOf } from './settings.ts'
import { createUpdateQueue } from './updates.ts'
import { createWebhook } from './webhook.ts'
import type { Bot, World } from './world.ts'

export type * from './api.ts'
export { telegramFaults } from './faults.ts'

/** Ms of the sim's clock. */
const SECOND_POLLER_PAUSE = 50

/** Starts a Telegram of its own on 127.0.0.1. */
export async function createTelegramSim(options: TelegramSimOptions = {}): Promise<TelegramSim> {
  const world = createWorld(options)
  const calls: ApiCall[] = []
  const pushes: WebhookPush[] = []
  const faults = createFaultScript<ApiCall, TelegramFault>()
  const exchange = createExchange(world, calls, faults)

  function partsOf(id: number): places.BotParts {
    const updates = createUpdateQueue(world.clock)
    const webhook = createWebhook({
      bot: id,
      queue: updates,
      clock: world.clock,
      timers: world.timers,
      settings: world.settings,
      pushes,
      perform: (method, parameters) =>
        void exchange.perform(botOf(world, id), method, createParams(parameters, new Map())),
    })
    return { updates, webhook, polling: createPolling(updates, world) }
  }

  const deeds = deedsOf(world, partsOf)
  const sim: TelegramSim = {
    get url() {
      return server.url
    },
    clock: world.clock,
    calls,
    pushes,
    faults,
    ...deeds,
    goOffline: () => server.stop(),
    goOnline: () => server.start(),
    async close() {
      for (const bot of world.bots.values()) bot.webhook.close()
      for (const press of world.presses.values()) press.answer(undefined)
      world.timers.stop()
      await server.stop()
    },
  }
  const server = await startServer(world, exchange, createControl(sim), options.port ?? 0)
  return sim
}

function createWorld(options: TelegramSimOptions): World {
  const clock = options.clock ?? createClock()
  return {
    clock,
    settings: settingsOf(options),
    timers: createTimers(clock),
    limiter: createLimiter(clock, options.limits),
    bots: new Map(),
    users: new Map(),
    chats: new Map(),
    presses: new Map(),
    files: new Map(),
  }
}

/** The bot of that id, or the first one. */
function botOf(world: World, id?: number): Bot {
  const bot = id === undefined ? [...world.bots.values()][0] : world.bots.get(id)
  if (!bot) throw new Error(`The simulated Telegram has no bot ${id ?? ''}; add it first`)
  return bot
}

type Deeds = Omit<
  TelegramSim,
  'url' | 'clock' | 'calls' | 'pushes' | 'faults' | 'goOffline' | 'goOnline' | 'close'
>

function deedsOf(world: World, partsOf: (id: number) => places.BotParts): Deeds {
  return {
    addBot: (bot) => places.addBot(world, bot, partsOf),
    addUser: (user) => places.addUser(world, user),
    addChat: (chat) => places.addChat(world, chat),
    say: (chat, user, text, options = {}) => people.say(world, chat, user, text, options),
    press: (chat, message, user, button, options = {}) =>
      people.press(world, chat, message, user, button, options),
    messages: (chat, viewer) => transcript(world, chat, viewer),
    file: (id) => world.files.get(id)?.bytes,
    deleteMessage: (chat, message) => void people.existingChat(world, chat).messages.delete(message),
    setMember: (chat, id, status) => places.setMember(world, chat, id, status),
    kickBot: (chat) => places.kickBots(world, chat),
    setTopic: (chat, topic, state) => places.setTopic(world, chat, topic, state),
    migrate: (chat, newId) => places.migrate(world, chat, newId),
    deleteChat: (chat) => {
      people.existingChat(world, chat).deleted = true
    },
    revokeToken: (token) => revoke(world, token),
    deliver: (update, bot) => botOf(world, bot).updates.force(update),
    redeliver: (count, bot) => botOf(world, bot).updates.redeliver(count),
    restartUpdateIds: (next, bot) => botOf(world, bot).updates.restart(next),
    secondPoller: (bot) => secondPoller(world, botOf(world, bot)),
    pending: (bot) => botOf(world, bot).updates.entries().length,
  }
}

/** The chat as `viewer` sees it; without one, what everybody sees. */
function transcript(world: World, chatId: number, viewer: number | undefined) {
  const chat = people.existingChat(world, chatId)
  const own = [...chat.ephemerals.values()].filter((message) => message.ephemeral?.receiver === viewer)
  const replaced = new Set(own.map((message) => message.ephemeral?.replaces))
  const shown = [...chat.messages.values()].filter((message) => !replaced.has(message.id))
  return [...shown, ...own].sort((a, b) => a.at - b.at).map(seenMessage)
}

function revoke(world: World, token: string) {
  for (const bot of world.bots.values()) {
    if (bot.token !== token) continue
    bot.revoked = true
    bot.polling.interrupt(new ApiError(401, ''))
  }
}

/** Polls without confirming anything, and soon again when the other side has thrown it out. */
function secondPoller(world: World, bot: Bot): () => void {
  const stop = new AbortController()
  const pause = () => world.timers.sleep(SECOND_POLLER_PAUSE)
  const run = async () => {
    while (!stop.signal.aborted) {
      await bot.polling.poll({ offset: 0, limit: 1, timeout: 50 }, stop.signal).then(pause, pause)
    }
  }
  void run()
  return () => stop.abort()
}
