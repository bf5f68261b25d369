import { DINGTALK, dingtalkGroup } from '../../chaos/fleet.ts'
import { type DingTalkCall, type DingTalkFault, dingTalkFaults } from '../../src/simulator/dingtalk/index.ts'
import { type FaultKind, over, sometimes } from './kind.ts'

const isSend = ({ path }: DingTalkCall) =>
  path.startsWith('/v1.0/card/instances') || path.startsWith('/robot/') || path.startsWith('/v1.0/robot/')
const isOpening = ({ path }: DingTalkCall) => path === '/v1.0/gateway/connections/open'
const isHandshake = ({ path }: DingTalkCall) => path === '/connect'
const isSendOrOpening = (call: DingTalkCall) => isSend(call) || isOpening(call)

/** Hits about so many of the calls that match. */
function hits(effect: DingTalkFault, which = isSend, share = 0.6): FaultKind['begin'] {
  return (place) => {
    const meets = sometimes(place, share)
    const when = (call: DingTalkCall) => which(call) && meets()
    return place.fleet.dingtalk.faults.add({ when, times: Infinity, effect })
  }
}

/** The sockets are cut, and what opens new ones meets a fault. */
function cut(effect: DingTalkFault, which: (call: DingTalkCall) => boolean): FaultKind['begin'] {
  return (place) => {
    const end = hits(effect, which, 1)(place)
    for (const socket of place.fleet.dingtalk.sockets) socket.reset()
    return end
  }
}

export const DING_TALK: readonly FaultKind[] = [
  { name: 'QPS of the app', begin: hits(dingTalkFaults.qpsOfApp()) },
  { name: 'QPS of the platform', begin: hits(dingTalkFaults.qpsOfPlatform(), isSend, 0.4) },
  { name: 'system busy', begin: hits(dingTalkFaults.systemBusy()) },
  { name: 'unknown error', begin: hits(dingTalkFaults.unknownError()) },
  { name: '503 page', begin: hits(dingTalkFaults.unavailable(), isSendOrOpening) },
  { name: '504 page', begin: hits(dingTalkFaults.gatewayTimeout(false)) },
  { name: '504 page, delivered', losesAnswers: true, begin: hits(dingTalkFaults.gatewayTimeout(true)) },
  { name: 'half an answer', losesAnswers: true, begin: hits(dingTalkFaults.malformed()) },
  { name: 'slow', losesAnswers: true, begin: hits(dingTalkFaults.latency(5000)) },
  { name: 'reset before', begin: hits(dingTalkFaults.reset('before')) },
  { name: 'reset in the body', losesAnswers: true, begin: hits(dingTalkFaults.reset('body', true)) },
  { name: 'hung', losesAnswers: true, begin: hits(dingTalkFaults.hang(), isSend, 0.4) },
  { name: 'answers lost', losesAnswers: true, begin: hits(dingTalkFaults.hang(true), isSend, 0.4) },
  { name: 'token called invalid', begin: hits(dingTalkFaults.invalidToken(), isSend, 0.4) },
  {
    name: 'tokens expire',
    begin({ fleet }) {
      fleet.dingtalk.expireTokens()
      return over
    },
  },
  { name: 'socket reset', begin: cut(dingTalkFaults.unavailable(), isOpening) },
  { name: 'handshake refused', begin: cut(dingTalkFaults.unavailable(), isHandshake) },
  { name: 'handshake hung', begin: cut(dingTalkFaults.hang(), isHandshake) },
  {
    name: 'disconnect frame',
    begin({ fleet }) {
      for (const socket of fleet.dingtalk.sockets) socket.disconnect()
      return over
    },
  },
  {
    name: 'socket falls silent',
    grave: true,
    begin({ fleet }) {
      for (const socket of fleet.dingtalk.sockets) socket.zombie()
      return over
    },
  },
  {
    name: 'removed from the group',
    shuts: true,
    begin({ fleet: { dingtalk }, room }) {
      dingtalk.removeRobot(room.dingtalk!, DINGTALK.clientId)
      return () => dingtalk.addGroup(dingtalkGroup(room))
    },
  },
  {
    name: 'secret refused',
    grave: true,
    begin({ fleet: { dingtalk } }) {
      dingtalk.addApp({ ...DINGTALK, clientSecret: 'another-secret-than-configured' })
      dingtalk.expireTokens()
      for (const socket of dingtalk.sockets) socket.reset()
      return () => dingtalk.addApp(DINGTALK)
    },
  },
  {
    name: 'message comes again',
    begin({ fleet: { dingtalk }, room }) {
      const said = dingtalk.messages(room.dingtalk!).findLast((one) => one.kind === 'user')
      if (said) dingtalk.redeliver(said.id)
      return over
    },
  },
  {
    name: 'frames nobody knows',
    begin({ fleet }) {
      for (const socket of fleet.dingtalk.sockets) {
        socket.sendRaw('no JSON at all')
        socket.sendRaw('{"type":"UNHEARD","headers":{"topic":"/of"},"data":"{}"}')
      }
      return over
    },
  },
  {
    name: 'clock jumps',
    begin({ fleet, random }) {
      fleet.dingtalk.clock.advance(random.between(5000, 3 * 3_600_000))
      return over
    },
  },
]
