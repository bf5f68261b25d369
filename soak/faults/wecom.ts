import { WECOM, wecomGroup } from '../../chaos/fleet.ts'
import type { FrameMatch, WeComFaults } from '../../src/simulator/wecom/index.ts'
import { type FaultKind, over, type Place, sometimes } from './kind.ts'

/** What a fault hits: about so many of the frames but for `ping` and `aibot_subscribe`. */
const some = (place: Place, share: number): FrameMatch => ({ when: sometimes(place, share), times: Infinity })

const refuses =
  (errcode: number, share: number): FaultKind['begin'] =>
  (place) =>
    place.fleet.wecom.faults.failNext({ ...some(place, share), errcode })

/** A deed that strikes at once, and what then lasts. */
function strikes(strike: (faults: WeComFaults) => void, lasting?: (faults: WeComFaults) => () => void) {
  return ({ fleet: { wecom } }: Place) => {
    const end = lasting?.(wecom.faults) ?? over
    strike(wecom.faults)
    return end
  }
}

export const WE_COM: readonly FaultKind[] = [
  { name: '846607', begin: refuses(846607, 0.5) },
  { name: 'system busy', begin: refuses(-1, 0.5) },
  { name: 'frequency 45009', grave: true, begin: refuses(45009, 0.4) },
  {
    name: 'slow',
    losesAnswers: true,
    begin: (place) => place.fleet.wecom.faults.delayAck(4000, some(place, 0.6)),
  },
  {
    name: 'answers lost',
    losesAnswers: true,
    begin: (place) => place.fleet.wecom.faults.dropAck(some(place, 0.4)),
  },
  {
    name: 'frames swallowed',
    losesAnswers: true,
    begin: (place) => place.fleet.wecom.faults.swallow(some(place, 0.4)),
  },
  {
    name: 'answers out of order',
    losesAnswers: true,
    begin: ({ fleet }) => fleet.wecom.faults.reorderAcks(3),
  },
  { name: 'connection dropped', losesAnswers: true, begin: strikes((faults) => faults.drop()) },
  { name: 'connection closed', losesAnswers: true, begin: strikes((faults) => faults.drop(1001)) },
  {
    name: 'upgrade refused',
    losesAnswers: true,
    begin: strikes(
      (faults) => faults.drop(),
      (faults) => faults.refuseUpgrade(503, Infinity),
    ),
  },
  {
    name: 'upgrade hung',
    losesAnswers: true,
    begin: strikes(
      (faults) => faults.drop(),
      (faults) => faults.hangUpgrade(),
    ),
  },
  {
    name: 'subscription unanswered',
    losesAnswers: true,
    begin: strikes(
      (faults) => faults.drop(),
      (faults) => faults.muteAuth(1),
    ),
  },
  {
    name: 'pings unanswered',
    grave: true,
    losesAnswers: true,
    begin: ({ fleet }) => fleet.wecom.faults.mutePings(),
  },
  {
    name: 'kicked by a second instance',
    grave: true,
    kicks: true,
    losesAnswers: true,
    begin: strikes((faults) => faults.kick()),
  },
  {
    name: 'secret refused',
    grave: true,
    losesAnswers: true,
    begin({ fleet: { wecom } }) {
      wecom.addBot({ ...WECOM, secret: 'another-secret-than-configured' })
      wecom.faults.drop()
      return () => wecom.addBot(WECOM)
    },
  },
  {
    name: 'removed from the group',
    shuts: true,
    begin({ fleet: { wecom }, room }) {
      wecom.addChat({ ...wecomGroup(room), botMember: false })
      return () => void wecom.addChat(wecomGroup(room))
    },
  },
  { name: 'callback twice', begin: strikes((faults) => faults.duplicateNextCallback(2)) },
  { name: 'callback late', begin: strikes((faults) => faults.staleCallback(600)) },
  {
    name: 'frames nobody knows',
    begin: strikes((faults) => {
      faults.sendRaw('no JSON at all')
      faults.unknownCmd()
      faults.unknownEvent()
    }),
  },
  {
    name: 'clock jumps',
    begin({ fleet, random }) {
      fleet.wecom.clock.advance(random.between(5000, 60_000))
      return over
    },
  },
]
