import type { CircuitKey } from '../simulator/thingboot/api.ts'

/** Somebody in the demo's chats, with an id on each platform. `stranger` is in the chats, but not in the configuration. */
export interface Player {
  key: string
  name: string
  role: 'operator' | 'admin' | 'viewer' | 'stranger'
  telegram: number
  dingtalk: string
  wecom: string
  /** Has written to the bots one-to-one before: neither Telegram nor WeCom lets a bot write first. */
  greeted: boolean
}

export const PLAYERS: readonly Player[] = [
  {
    ...{ key: 'jia', name: '电工甲', role: 'operator', greeted: true },
    ...{ telegram: 7001, dingtalk: 'staff-jia', wecom: 'DianGongJia' },
  },
  {
    ...{ key: 'yi', name: '电工乙', role: 'operator', greeted: false },
    ...{ telegram: 7002, dingtalk: 'staff-yi', wecom: 'DianGongYi' },
  },
  {
    ...{ key: 'chief', name: '场长', role: 'admin', greeted: true },
    ...{ telegram: 7003, dingtalk: 'staff-chief', wecom: 'ChangZhang' },
  },
  {
    ...{ key: 'guest', name: '访客', role: 'viewer', greeted: false },
    ...{ telegram: 7004, dingtalk: 'staff-guest', wecom: 'FangKe' },
  },
  {
    ...{ key: 'stranger', name: '路人', role: 'stranger', greeted: false },
    ...{ telegram: 7005, dingtalk: 'staff-5', wecom: 'LuRen' },
  },
]

/** A breaker on a site, with what hangs on each of its circuits. */
export interface DemoBreaker {
  id: string
  name: string
  site: string
  model: string
  /** A. */
  ratedCurrent: number
  groups: string[]
  /** `name` is empty for the only circuit; `load` in A. */
  circuits: { key: CircuitKey; name: string; load: number }[]
}

const single = (load: number): DemoBreaker['circuits'] => [{ key: 'power', name: '', load }]

export const BREAKERS: readonly DemoBreaker[] = [
  {
    id: '820720',
    name: '3号增氧机',
    site: '一号鱼塘',
    model: 'UNI-DLQ-M-60A-P',
    ratedCurrent: 60,
    groups: ['一号鱼塘', '增氧'],
    circuits: single(38.5),
  },
  {
    id: '820721',
    name: '1号增氧机',
    site: '一号鱼塘',
    model: 'UNI-DLQ-M-60A-P',
    ratedCurrent: 60,
    groups: ['一号鱼塘', '增氧'],
    circuits: single(36.2),
  },
  {
    id: '820722',
    name: '投饵机',
    site: '一号鱼塘',
    model: 'generic-1',
    ratedCurrent: 32,
    groups: ['一号鱼塘'],
    circuits: single(6.4),
  },
  {
    id: '820730',
    name: '双泵箱',
    site: '二号大棚',
    model: 'generic-2',
    ratedCurrent: 40,
    groups: ['二号大棚', '水泵'],
    circuits: [
      { key: 'power1', name: '左泵', load: 12.1 },
      { key: 'power2', name: '右泵', load: 9.6 },
    ],
  },
  {
    id: '820731',
    name: '卷帘机',
    site: '二号大棚',
    model: 'generic-1',
    ratedCurrent: 25,
    groups: ['二号大棚'],
    circuits: single(4.8),
  },
]

/** The one team, and its chat on each platform. */
export const ROOM = {
  name: '值班群',
  telegram: -1001000008090,
  dingtalk: 'cidDemoZhiBanQun==',
  wecom: 'wrDemoZhiBanQun',
}
