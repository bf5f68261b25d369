import { unixSeconds } from '../kit/clock.ts'
import type { JsonObject } from '../kit/json.ts'
import type { WeComFaults } from './api.ts'
import type { Connections } from './connections.ts'
import type { WaitingFaults } from './faults.ts'
import { newId, type World } from './world.ts'

/** The faults that strike at once. */
export function createStrikingFaults(
  world: World,
  connections: Connections,
): Omit<WeComFaults, keyof WaitingFaults> {
  const broadcast = (cmd: string, body: JsonObject) =>
    connections.broadcast(JSON.stringify({ cmd, headers: { req_id: newId() }, body }))
  return {
    drop: (code) => connections.drop(code),
    kick({ delay = world.settings.kickCloseDelay, bot } = {}) {
      const botId = bot ?? world.bots.keys().next().value ?? ''
      const conn = connections.current(botId)
      if (conn) connections.kick(conn, delay)
    },
    sendRaw: (text) => connections.broadcast(text),
    unknownCmd: () => broadcast('aibot_unheard_of_callback', { msgid: newId(), msgtype: 'unheard_of' }),
    unknownEvent: () =>
      broadcast('aibot_event_callback', {
        msgid: newId(),
        create_time: unixSeconds(world.clock.now()),
        msgtype: 'event',
        event: { eventtype: 'enter_check_update', enter_check_update: {} },
      }),
  }
}
