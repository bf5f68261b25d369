import type { LoggedFrame } from '../src/simulator/wecom/index.ts'
import type { Facts, Violation } from './verdict.ts'

/** How often the WeCom bot connected, and how often a second connection threw out the first. */
export function countConnections({ fleet }: Pick<Facts, 'fleet'>): { made: number; kicked: number } {
  const frames = fleet.wecom.frames()
  return { made: frames.filter(isSubscription).length, kicked: frames.filter(isKick).length }
}

/** The bot has one connection at a time, whichever instance has it: none is ever thrown out by another. */
export function checkConnections({ fleet }: Pick<Facts, 'fleet'>): Violation[] {
  return fleet.wecom
    .frames()
    .filter(isKick)
    .map((frame) => ({
      rule: 'connections',
      what: `a second connection of the WeCom bot threw out connection ${frame.conn}`,
      evidence: frame,
    }))
}

const isSubscription = ({ cmd, direction }: LoggedFrame) => direction === 'sent' && cmd === 'aibot_subscribe'

const isKick = ({ direction, text }: LoggedFrame) =>
  direction === 'received' && text.includes('"disconnected_event"')
