import type { Locale } from '../../domain/card-text.ts'
import type { Content, Mention } from '../channel.ts'
import { hasPicture, inWords } from '../kit/pictures.ts'
import { clip, escapeMarkdown, utf8Bytes, utf16Units } from '../kit/text.ts'
import { say } from '../kit/words.ts'
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

/**
 * The facts of a content, and what it means that they come this way. What is too long is cut from the facts. Nobody hears
 * what is typed meanwhile, so no words to type are named.
 */
export function inItsPlace(whole: Content): RobotText {
  const content = hasPicture(whole) ? inWords(whole) : whole
  const notice = say(localeOf(content), 'card' in content ? 'robot.no-buttons' : 'robot.in-its-place')
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
  const locale = localeOf(content)
  const people = mention.map(({ name }) => escapeMarkdown(name)).join(say(locale, 'list.comma'))
  return say(locale, 'robot.call', { people, what: clip(escapeMarkdown(what), CALL_LIMIT, utf16Units) })
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
