import type { Entity } from '../api.ts'

const PATTERNS: [type: string, pattern: RegExp][] = [
  [
    'url',
    /(?<![\w@.])(?:https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]]|(?:[a-z0-9-]+\.)+(?:com|org|net|io|me|dev|cn)(?:\/[^\s<>"]*)?(?![\w.@]))/gi,
  ],
  ['email', /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
  ['bot_command', /(?<![\w/<>@])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\w/])/gi],
  ['mention', /(?<![\w@.])@[a-z0-9_]{4,32}(?!\w)/gi],
  ['hashtag', /(?<![\p{L}\p{N}_#/])#(?=[\p{N}_]*\p{L})[\p{L}\p{N}_]{1,256}/gu],
]

/** What Telegram finds in a text on its own: links, addresses, commands, mentions and hashtags outside of `taken`. */
export function detectEntities(text: string, taken: Entity[] = []): Entity[] {
  const found: Entity[] = []
  const isFree = (offset: number, length: number) =>
    [...taken, ...found].every(
      (other) => offset >= other.offset + other.length || offset + length <= other.offset,
    )
  for (const [type, pattern] of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const length = match[0].length
      if (isFree(match.index, length)) found.push({ type, offset: match.index, length })
    }
  }
  return found.sort((a, b) => a.offset - b.offset)
}
