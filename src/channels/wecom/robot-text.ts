import type { Locale } from '../../domain/card-text.ts'
import type { Content, Mention } from '../channel.ts'
import { clip, escapeMarkdown, utf8Bytes, utf16Units } from '../kit/text.ts'
import { languageOf } from './language.ts'
import { factsOf, titleOf } from './markdown.ts'

/** The body of a group robot's text; `mentioned_list` holds userids or `@all` (documented). */
export interface RobotText {
  msgtype: 'text'
  text: { content: string; mentioned_list?: string[] }
}

/** UTF-8 bytes of a text (documented). */
const LIMIT = 2_048
/** UTF-16 units of what people are called on for: they find the rest right above. */
const CALL_LIMIT = 200

/** What it means that the robot speaks. Nobody hears what is typed meanwhile, so no words to type are named. */
const NOTICES: Record<'card' | 'text', Record<Locale, string>> = {
  card: {
    'zh-CN':
      '【没有按钮】机器人的连接断了，这条由群机器人代发。连接恢复后会补发卡片，按钮和命令到那时才有效；现在请用本房间在其他平台的群，或到现场操作。',
    en: '[No buttons] The bot has lost its connection; the group robot sends this in its place. When it is back the card follows, and buttons and typed commands work again. Until then use the chats of this room on other platforms, or the lever on site.',
  },
  text: {
    'zh-CN':
      '【群机器人代发】机器人的连接断了，恢复前收不到命令；现在请用本房间在其他平台的群，或到现场操作。',
    en: '[From the group robot] The bot has lost its connection and hears no commands until it is back. Until then use the chats of this room on other platforms, or the lever on site.',
  },
}

const CALLS: Record<Locale, (names: string[], what: string) => string> = {
  'zh-CN': (names, what) => `${names.join('、')}，请处理：${what}`,
  en: (names, what) => `${names.join(', ')}, please see to this: ${what}`,
}

/** The facts of a content, and what it means that they come this way. What is too long is cut from the facts. */
export function inItsPlace(content: Content): RobotText {
  const notice = NOTICES['card' in content ? 'card' : 'text'][localeOf(content)]
  const lines =
    'card' in content
      ? [titleOf(content.card), ...factsOf(content.card)]
      : content.text.split(/\r?\n/).map(escapeMarkdown)
  const facts = clip(lines.filter(Boolean).join('\n'), LIMIT - utf8Bytes(`\n${notice}`), utf8Bytes)
  return textOf(
    `${facts}\n${notice}`,
    content.mention?.map(({ id }) => id),
  )
}

/** One line that calls on people by their names and says what for. */
export function callOn(mention: Mention[], content: Content): string {
  const what = 'card' in content ? content.card.summary || titleOf(content.card) : content.text
  const names = mention.map(({ name }) => escapeMarkdown(name))
  return CALLS[localeOf(content)](names, clip(escapeMarkdown(what), CALL_LIMIT, utf16Units))
}

/** @param ids of whom the robot should make the phones ring */
export function textOf(content: string, ids: string[] = []): RobotText {
  return {
    msgtype: 'text',
    text: { content: clip(content, LIMIT, utf8Bytes), ...(ids.length > 0 && { mentioned_list: ids }) },
  }
}

const localeOf = (content: Content): Locale =>
  'card' in content ? content.card.locale : languageOf(content.text)
