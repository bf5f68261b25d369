import type { Room } from '../../domain/policy.ts'

/** What came of trying one part: what is wrong, and where to mend it, in words. */
export interface Finding {
  part: string
  ok: boolean
  detail: string
}

export const well = (part: string, detail: string): Finding => ({ part, ok: true, detail })
export const ill = (part: string, detail: string): Finding => ({ part, ok: false, detail })

/** A room's chat on one platform. */
export interface RoomChat {
  room: string
  chat: string
}

export function chatsOn(rooms: readonly Room[], channel: Room['chats'][number]['channel']): RoomChat[] {
  return rooms.flatMap(({ name, chats }) =>
    chats.filter((one) => one.channel === channel).map(({ chat }) => ({ room: name, chat })),
  )
}

/** ms. */
export const PATIENCE = 10_000

export function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined
}
