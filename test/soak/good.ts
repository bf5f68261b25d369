import type { Standing } from '../../chaos/chats.ts'
import type { Fleet } from '../../chaos/fleet.ts'
import { cardKey, type Kept } from '../../chaos/state.ts'
import type { Befallen } from '../../soak/befall.ts'
import type { Side } from '../../soak/faults/kind.ts'
import { FAULTS } from '../../soak/faults.ts'
import type { Sample } from '../../soak/probe.ts'
import type { SoakFacts } from '../../soak/verdict.ts'
import type { Incident } from '../../src/domain/incident.ts'
import { CHAIN_START } from '../../src/store/audit-chain.ts'

/** Noon in Shanghai. */
export const NOON = Date.UTC(2026, 0, 5, 4)
export const ROOM = { name: 'room-0', telegram: -1001, dingtalk: 'cid0', wecom: 'wr0' }
const BREAKER = { id: '800100', name: '机100', site: '1号鱼塘', room: ROOM }

export const INCIDENT: Incident = {
  id: 'i1',
  breaker: BREAKER.id,
  circuit: 'power',
  cause: 'overload',
  discovery: 'event',
  openedAt: NOON,
  version: 4,
  status: 'resolved',
  resolvedAt: NOON + 20_000,
  readings: {},
  repeats: 0,
  story: [],
}

const about = (version: number) => ({ card: { breaker: BREAKER.id, id: INCIDENT.id, version } })

/** The card in each chat; on WeCom, where it cannot be changed, a word after it. */
export const STANDING: Standing[] = [
  { platform: 'telegram', chat: '-1001', at: NOON + 500, text: '已合闸 12:00:20', ...about(4) },
  { platform: 'dingtalk', chat: 'cid0', at: NOON + 500, text: '已合闸 12:00:20', ...about(4), key: 'd1' },
  { platform: 'wecom', chat: 'wr0', at: NOON + 500, text: '机100 已分闸，无人确认', ...about(1), key: 'w1' },
  { platform: 'wecom', chat: 'wr0', at: NOON + 22_000, text: '1号鱼塘 机100 跳闸（过载）：已合闸 12:00:20' },
]

const keyIn = (one: Standing) => cardKey(one.platform, one.chat, INCIDENT.id)

const KEPT: Kept = {
  breakers: new Map([
    [
      BREAKER.id,
      { id: BREAKER.id, seen: [], recent: [], warned: {}, circuits: { power: { position: 'closed' } } },
    ],
  ]),
  incidents: [INCIDENT],
  storms: [],
  audit: [],
  auditStart: { seq: 0, hash: CHAIN_START },
  sent: new Map(STANDING.map((one) => [keyIn(one), 1])),
  shown: new Map(STANDING.map((one) => [keyIn(one), 4])),
  dead: [],
  waiting: new Map(),
}

const MINUTE = 60_000
export const RESOURCES = { PipeWrap: 2, Timeout: 15, TCPSocketWrap: 4 }

export const sampleAt = (minute: number, heap = 50): Sample => ({
  ...{ at: NOON + minute * MINUTE, heap, external: 2, resident: 200, resources: RESOURCES },
})

/** A fault of that name that lasted from so many to so many ms after noon. */
export function befallen(side: Side, name: string, from: number, to: number): Befallen {
  const kind = FAULTS[side].find((one) => one.name === name)!
  const span = { from: NOON + from, to: NOON + to }
  return { side, kind, when: span, there: span, ...(side !== 'cloud' && { chat: String(ROOM[side]) }) }
}

/** What the simulators show of a run in which one breaker tripped and was closed again. */
const FLEET = {
  rooms: [ROOM],
  breakers: [BREAKER],
  cloud: { commands: [], calls: [], pushes: [], device: () => ({ positions: { power: 'closed' } }) },
  wecom: { frames: () => [] },
  dingtalk: { counters: { opens: 1 } },
} as unknown as Fleet

/** Facts of a run in which all went well. */
export const GOOD: SoakFacts = {
  fleet: FLEET,
  ledger: {
    trips: [
      {
        ...{ breaker: BREAKER.id, cause: 'overload', at: NOON },
        push: {
          ...{ seq: 1, appId: 'app', type: 'event', device: BREAKER.id, body: '{}', at: NOON, duration: 5 },
          ...{ status: 200, outcome: 'delivered' },
        },
      },
    ],
    deeds: [],
    kills: [],
    mishaps: [],
  },
  standing: STANDING,
  kept: KEPT,
  befallen: [{ ...befallen('telegram', '500', 60_000, 65_000), met: 3 }],
  traffic: { telegram: [], wecom: [], dingtalk: [] },
  process: {
    samples: Array.from({ length: 60 }, (_, minute) => sampleAt(minute)),
    before: sampleAt(0),
    after: sampleAt(61),
    code: 0,
    seconds: 0.2,
    ending: { byItself: true, left: { PipeWrap: 2 } },
  },
  log: '{"level":30,"msg":"ready"}\n{"level":50,"msg":"reconciliation failed"}\n',
  secrets: ['a-secret-0001'],
}
