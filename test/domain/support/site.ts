import type { Actor, ChannelName, Person } from '../../../src/domain/people.ts'
import type { BreakerConfig, ChatRef, Policy } from '../../../src/domain/policy.ts'
import type { Report } from '../../../src/domain/report.ts'

/** 2026-01-01 08:00:00 in Shanghai. */
export const EIGHT = Date.UTC(2026, 0, 1)

export const PUMP: BreakerConfig = {
  id: '820720',
  name: '3号增氧机',
  site: '一号鱼塘',
  room: 'night-shift',
  ratedCurrent: 60,
  circuits: { power: '' },
  groups: ['增氧'],
  remoteClose: true,
}

export const TWIN: BreakerConfig = {
  ...PUMP,
  id: '820721',
  name: '双泵箱',
  circuits: { power1: '左泵', power2: '右泵' },
}

export const JIA = '电工甲'
export const YI = '电工乙'
/** May do everything. */
export const CHIEF = '站长'
export const VIEWER = '看客'
export const STRANGER = '生人'

const everywhere = (id: string) => ({ telegram: id, dingtalk: id, wecom: id })

export const PEOPLE: Person[] = [
  { name: JIA, role: 'operator', ids: everywhere('jia') },
  { name: YI, role: 'operator', ids: everywhere('yi') },
  { name: CHIEF, role: 'admin', ids: everywhere('chief') },
  { name: VIEWER, role: 'viewer', ids: everywhere('viewer') },
]

export const CHAT: ChatRef = { channel: 'telegram', chat: '-100' }

/** What the gate measures by, with nothing to wait for, where a test is not about it. */
export const NO_WAITS: Policy['closing'] = {
  coolDown: 0,
  coolDownHot: 0,
  betweenCloses: 0,
  perHour: 1000,
  perDay: 1000,
  fresh: 10_000,
  voltageWithin: 15,
  voltageStable: 60_000,
  inrush: 0,
  reclaim: 180_000,
}

export const POLICY: Policy = {
  locale: 'zh-CN',
  timezone: 'Asia/Shanghai',
  actuation: true,
  rooms: [{ name: 'night-shift', locale: 'zh-CN', chats: [CHAT] }],
  people: PEOPLE,
  breakers: [PUMP, TWIN],
  closing: NO_WAITS,
  confirmWithin: 60_000,
  feedbackWithin: 10_000,
  groupCloseEvery: 5000,
  storm: { more: 3, within: 10_000 },
}

export function senderOf(person: string): string {
  return PEOPLE.find((one) => one.name === person)?.ids.telegram ?? 'nobody'
}

export const actor = (person: string, channel: ChannelName = 'telegram'): Actor => ({ person, channel })

/** A report with what the case is about; everything else says nothing. */
export function report(fields: Partial<Report> = {}): Report {
  return {
    id: 'report',
    device: PUMP.id,
    kind: 'event',
    at: EIGHT,
    positions: {},
    readings: {},
    ...fields,
  }
}
