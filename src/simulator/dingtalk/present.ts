import type { DingTalkSim } from './api.ts'
import type { Cards } from './cards.ts'
import type { Chats } from './chats.ts'
import type { Core } from './core.ts'
import type { Presses } from './presses.ts'
import type { Pushes } from './pushes.ts'
import { clickDtmd } from './robot-messages.ts'
import type { Sockets } from './sockets.ts'
import { chatKey } from './world.ts'

export interface Parts {
  chats: Chats
  cards: Cards
  presses: Presses
  pushes: Pushes
  sockets: Sockets
}

/** The parts as one thing for tests. */
export function present(core: Core, parts: Parts, close: () => Promise<void>): DingTalkSim {
  const { world, record } = core
  const { chats, cards, presses, pushes, sockets } = parts
  return {
    get url() {
      return core.url()
    },
    clock: core.clock,
    behaviour: core.behaviour,
    faults: core.faults,
    calls: record.calls,
    violations: record.violations,
    get counters() {
      return { ...record.counters(), ...core.quota.monthly() }
    },
    get sockets() {
      return sockets.live()
    },
    get secrets() {
      return [...record.secrets]
    },
    get users() {
      return [...world.users.values()]
    },
    get groups() {
      return [...world.groups.values()]
    },
    addApp(app) {
      record.secrets.add(app.clientSecret)
      world.addApp(app)
    },
    addUser: world.addUser,
    addGroup: world.addGroup,
    removeRobot(conversationId, clientId) {
      const group = world.group(conversationId)
      group.robots = group.robots.filter((robot) => robot !== clientId)
    },
    dissolveGroup(conversationId) {
      world.group(conversationId).dissolved = true
    },
    addCustomRobot(robot) {
      for (const secret of [robot.token, robot.secret]) if (secret) record.secrets.add(secret)
      world.customRobots.set(robot.token, robot)
    },
    addTemplate: (template) => void world.templates.set(template.id, template),
    say: chats.say,
    redeliver: chats.redeliver,
    clickDtmd: (user, messageId, n = 0) => clickDtmd(core, chats, user, messageId, n),
    dings: core.dings,
    messages: (chat) => chats.transcript(chatKey(chat)),
    media: (id) => core.media.get(id)?.bytes,
    card: (outTrackId) => structuredClone(cards.get(outTrackId)),
    cards: (chat) => structuredClone(cards.inChat(chat)),
    view: cards.view,
    click: presses.click,
    forgePress: presses.forge,
    sendEvent(clientId, eventType, data) {
      const eventId = crypto.randomUUID()
      const eventBornTime = String(core.clock.now())
      const headers = {
        eventId,
        eventType,
        eventCorpId: core.corpId,
        eventBornTime,
        eventUnifiedAppId: clientId,
      }
      pushes.deliverReliably({ clientId, type: 'EVENT', topic: '*', data, headers })
    },
    expireTokens: core.tokens.expireAll,
    close,
  }
}
