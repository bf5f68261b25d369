import fastify from 'fastify'
import { createClock } from '../kit/clock.ts'
import { createFaultScript } from '../kit/faults.ts'
import { createTimers } from '../kit/timers.ts'
import { type Exchange, tokenOwner } from './answers.ts'
import type { DingTalkSim, DingTalkSimOptions } from './api.ts'
import { defaultBehaviour } from './behaviour.ts'
import { cardRoutes } from './card-api.ts'
import { createCards } from './cards.ts'
import { createChats } from './chats.ts'
import type { Core } from './core.ts'
import { dingRoutes } from './ding-api.ts'
import { serve } from './exchange.ts'
import { createGateway } from './gateway.ts'
import { mediaRoutes } from './media-api.ts'
import { present } from './present.ts'
import { createPresses } from './presses.ts'
import { createPushes, createRandom } from './pushes.ts'
import { createQuota } from './quota.ts'
import { fields, isText } from './read.ts'
import { createRecord } from './record.ts'
import { robotRoutes } from './robot-api.ts'
import { createSockets } from './sockets.ts'
import { testApi } from './test-api.ts'
import { createTokens } from './tokens.ts'
import { webhookRoutes } from './webhook-api.ts'
import { createWorld } from './world.ts'

export type * from './api.ts'
export { type Behaviour, defaultBehaviour } from './behaviour.ts'
export { type DingTalkCall, type DingTalkFault, dingTalkFaults } from './faults.ts'
export { customRobotSign } from './webhook-api.ts'
export { BUILT_IN_TEMPLATE } from './world.ts'

/**
 * Starts a DingTalk of its own on 127.0.0.1: both APIs, the Stream gateway, an organisation to fill, and a test API
 * over HTTP under `/_sim/`. It encodes what is documented and what was seen; it proves nothing about the real one.
 */
export async function createDingTalkSim(options: DingTalkSimOptions = {}): Promise<DingTalkSim> {
  let url = ''
  const core = createCore(options, () => url)
  const server = fastify({ forceCloseConnections: true, bodyLimit: 24 * 1024 * 1024 })

  const pushes = createPushes(core, () => sockets.live(), createRandom(options.seed ?? 1))
  const gateway = createGateway(core)
  const chats = createChats(core, pushes)
  const cards = createCards(core)
  const presses = createPresses(core, cards, pushes)
  const sockets = createSockets(core, gateway, server.server, pushes.events)

  const routes = {
    ...gateway.routes,
    ...cardRoutes(core, cards, chats),
    ...robotRoutes(core, chats),
    ...dingRoutes(core),
    ...webhookRoutes(core, chats),
    ...mediaRoutes(core),
  }
  const clientOf = (exchange: Exchange): string | undefined => {
    const { clientId, appKey } = fields(exchange.body)
    const claimed = clientId ?? appKey ?? exchange.query.appkey
    const replying = chats.session(exchange.query.session ?? '')?.clientId
    const uploading = core.tokens.owner(exchange.query.access_token ?? '')
    return tokenOwner(core, exchange) ?? uploading ?? replying ?? (isText(claimed) ? claimed : undefined)
  }

  const sim = present(core, { chats, cards, presses, pushes, sockets }, async () => {
    core.timers.stop()
    sockets.close()
    await server.close()
  })
  await server.register(async (scope) => serve(scope, core, routes, clientOf))
  await server.register(async (scope) => testApi(scope, sim), { prefix: '/_sim' })
  url = await server.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  return sim
}

function createCore(options: DingTalkSimOptions, url: () => string): Core {
  const clock = options.clock ?? createClock()
  const behaviour = { ...defaultBehaviour, ...options.behaviour }
  const record = createRecord(clock)
  return {
    clock,
    behaviour,
    record,
    url,
    timers: createTimers(clock),
    faults: createFaultScript(),
    world: createWorld(),
    quota: createQuota(clock, behaviour),
    tokens: createTokens(clock, behaviour, record),
    corpId: options.corpId ?? 'dingcorp0001',
    media: new Map(),
    dings: [],
  }
}
