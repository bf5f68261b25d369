import type { CardText, Locale } from '../../domain/card-text.ts'
import { TONES } from './render.ts'
import { clipBytes, plain } from './words.ts'

/** UTF-8 bytes of a message (documented). */
const LIMIT = 20_480

const WIDE: Record<string, string> = {
  '*': '＊',
  _: '＿',
  '~': '～',
  '`': '｀',
  '[': '［',
  ']': '］',
  '<': '＜',
  '>': '＞',
  '|': '｜',
  '\\': '＼',
  '#': '＃',
  '-': '－',
  '+': '＋',
  '=': '＝',
}
const wide = (character: string) => WIDE[character] ?? character

/**
 * Plain text inside markdown. What could be read as markup is replaced by its full-width twin: whether WeCom's
 * clients honour a backslash is not known, and a name must not become a link either way (our choice). An underscore
 * inside or after a word opens nothing and stays: ids that people copy are full of them.
 */
export function escapeMarkdown(text: string): string {
  return plain(text)
    .replace(/[*~`[\]<>|\\]/g, wide)
    .replace(/(?<![\p{L}\p{N}_])_+/gu, (run) => run.replaceAll('_', wide))
    .replace(/^[#=+-](?=[#=+\s-]|$)/, wide)
}

/** The body of a text message: `text` is plain, its line breaks stay. At most 20 480 bytes. */
export function markdownMessage(text: string) {
  return asMessage(text.split(/\r?\n/).map(escapeMarkdown))
}

/** The body of a message with the facts of a card and the words to type instead of pressing. */
export function markdownCard(card: CardText) {
  const colon = card.locale === 'zh-CN' ? '：' : ': '
  const words = card.buttons
    .filter(({ action }) => action !== 'noop')
    .map(({ text }) => `**${escapeMarkdown(text)}**`)
  return asMessage([
    `**${TONES[card.tone]} ${escapeMarkdown(card.title)}**`,
    escapeMarkdown(card.subtitle),
    ...card.rows.map(({ label, value }) => escapeMarkdown(label) + colon + escapeMarkdown(value)),
    ...[...card.notes, ...card.story].map(escapeMarkdown),
    ...(words.length > 0 ? [TYPE_INSTEAD[card.locale](words)] : []),
  ])
}

const TYPE_INSTEAD: Record<Locale, (words: string[]) => string> = {
  'zh-CN': (words) => `请 @机器人 并发送：${words.join('、')}（后接断路器名称）`,
  en: (words) => `Mention the bot and write ${words.join(', ')}, followed by the breaker's name`,
}

const asMessage = (lines: string[]) => ({
  msgtype: 'markdown',
  markdown: { content: clipBytes(lines.join('\n'), LIMIT) },
})
