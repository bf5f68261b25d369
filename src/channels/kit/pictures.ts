import type { Content, Limit, Picture } from '../channel.ts'
import { keepNewest } from './memory.ts'

/** A text that has a picture. */
export type WithPicture = Extract<Content, { text: string }> & { picture: Picture }

export const hasPicture = (content: Content): content is WithPicture =>
  'text' in content && content.picture !== undefined

/** The same without its picture, which words stand for. */
export function inWords({ picture, text, ...content }: WithPicture): Content {
  return { ...content, text: [text, picture.instead].filter(Boolean).join('\n') }
}

/** So many chats are remembered; more never get pictures at a time. */
const REMEMBERED = 1_000

/**
 * Whether a chat may have one message more than it was counted for: of a text and its picture the budget of the chat
 * counts one. What a platform takes beyond what is budgeted (`limits`) is for the other.
 */
export function createSpare(limits: readonly Limit[], now: () => number): (chat: string) => boolean {
  const longest = Math.max(...limits.map(({ within }) => within))
  const taken = new Map<string, number[]>()
  return (chat) => {
    const times = (taken.get(chat) ?? []).filter((at) => at > now() - longest)
    const isFull = limits.some(({ most, within }) => times.filter((at) => at > now() - within).length >= most)
    taken.delete(chat)
    taken.set(chat, isFull ? times : [...times, now()])
    keepNewest(taken, REMEMBERED)
    return !isFull
  }
}
