import fastify from 'fastify'
import type { WeComSim, WeComSimOptions } from './api.ts'
import { type Connections, createConnections } from './connections.ts'
import { createWaitingFaults } from './faults.ts'
import { createPeople } from './people.ts'
import { platformRoutes } from './platform-http.ts'
import { createSession } from './session.ts'
import { createStrikingFaults } from './strikes.ts'
import { testRoutes } from './test-http.ts'
import { addGroup, addUser, createWorld, keyOf } from './world.ts'

export type * from './api.ts'

/** Starts a WeCom of its own on 127.0.0.1: the bot's long connection, the group robot, `response_url`, `/_sim/`. */
export async function createWeComSim(options: WeComSimOptions = {}): Promise<WeComSim> {
  const world = createWorld(options)
  const app = fastify({ forceCloseConnections: true })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  const session = createSession(world, () => connections)
  const connections: Connections = createConnections(world, app.server, session)
  const people = createPeople(world, connections, () => sim.url)
  const sim: WeComSim = {
    wsUrl: '',
    url: '',
    clock: world.clock,
    settings: world.settings,
    faults: { ...createWaitingFaults(world.faults), ...createStrikingFaults(world, connections) },
    addBot: (bot) => world.bots.set(bot.botId, { name: 'BreakerBot', ...bot }),
    addUser: (user) => addUser(world, user),
    addChat: (chat) => addGroup(world, chat),
    addGroupRobot: ({ key, chatid }) => world.robots.set(key, chatid),
    ...people,
    messages(chat) {
      const conversation = world.conversations.get(keyOf(chat))
      if (!conversation) throw new Error(`there is no chat ${keyOf(chat)}`)
      return [...conversation.messages]
    },
    media: (mediaId) => world.media.get(mediaId)?.content,
    frames: connections.frames,
    conns: connections.views,
    async close() {
      world.timers.stop()
      connections.close()
      await app.close()
    },
  }
  platformRoutes(app, world)
  testRoutes(app, world, sim)
  const url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  return Object.assign(sim, { url, wsUrl: url.replace('http:', 'ws:') })
}
