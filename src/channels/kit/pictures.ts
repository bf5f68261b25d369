import { createHash } from 'node:crypto'
import { rememberNewest } from '../../domain/newest.ts'
import type { Content, Limit, Picture } from '../channel.ts'

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
 * What a chat may have more than it was counted for: of a text and its picture the budget of the chat counts one, and
 * what the platform takes beyond that budget is for the other.
 */
export interface Spare {
  has(chat: string): boolean
  take(chat: string): void
}

export function createSpare(limits: readonly Limit[], now: () => number): Spare {
  const longest = Math.max(...limits.map(({ within }) => within))
  const taken = new Map<string, number[]>()
  const since = (chat: string, within: number) => (taken.get(chat) ?? []).filter((at) => at > now() - within)
  return {
    has: (chat) => limits.every(({ most, within }) => since(chat, within).length < most),
    take: (chat) => rememberNewest(taken, chat, [...since(chat, longest), now()], REMEMBERED),
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
