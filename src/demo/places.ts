import { type Player, ROOM } from './cast.ts'

/** Where something is said: in the group, or one-to-one with the bot. */
export const PLACES = ['group', 'single'] as const
export type Place = (typeof PLACES)[number]

/** Where that is for somebody, as each platform's simulator names it. */
export const chatOf = {
  telegram: (place: Place, { telegram }: Player) => (place === 'group' ? ROOM.telegram : telegram),
  dingtalk: (place: Place, { dingtalk }: Player) => (place === 'group' ? ROOM.dingtalk : { user: dingtalk }),
  wecom: (place: Place, { wecom }: Player) => (place === 'group' ? ROOM.wecom : { user: wecom }),
}
