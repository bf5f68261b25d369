import { createHash } from 'node:crypto'
import type { Content, Limit, Picture } from '../channel.ts'
import { keepNewest, rememberNewest } from './memory.ts'

/** A text that has a picture. */
export type WithPicture = Extract<Content, { text: string }> & { picture: Picture }

export const hasPicture = (content: Content): content is WithPicture =>
  'text' in content && content.picture !== undefined

/** The same without its picture, which words stand for. */
export function inWords({ picture, text, ...content }: WithPicture): Content {
  return { ...content, text: [text, picture.instead].filter(Boolean).join('\n') }
}

/** So many chats and pictures are remembered; more are never under way at a time. */
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

/** Platforms keep what was uploaded for three days (documented by WeCom, said of DingTalk); for so long it is used, ms. */
const KEPT = 24 * 3_600_000

/** The ids that a platform gives to pictures, so that one for several chats is uploaded once. */
export interface Uploads {
  /** Undefined where the picture cannot be had. */
  idOf(picture: Picture): Promise<string | undefined>
  /** The platform would not have its id. */
  forget(picture: Picture): void
}

/** @param upload gives the id, or undefined; never rejects */
export function createUploads(
  upload: (picture: Picture) => Promise<string | undefined>,
  now: () => number,
): Uploads {
  const known = new Map<string, { id: Promise<string | undefined>; until: number }>()

  async function begin(digest: string, picture: Picture): Promise<string | undefined> {
    const id = await upload(picture)
    if (id === undefined) known.delete(digest)
    return id
  }

  return {
    idOf(picture) {
      const digest = digestOf(picture)
      const before = known.get(digest)
      if (before && before.until > now()) return before.id
      const id = begin(digest, picture)
      rememberNewest(known, digest, { id, until: now() + KEPT }, REMEMBERED)
      return id
    },
    forget: (picture) => void known.delete(digestOf(picture)),
  }
}

const digestOf = ({ png }: Picture) => createHash('sha256').update(png).digest('hex')
