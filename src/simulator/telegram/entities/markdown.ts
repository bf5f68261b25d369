import type { Entity } from '../api.ts'
import { byteOffset, type Formatted, MarkupError } from './formatted.ts'
import { linkFields } from './links.ts'

const FORMS: [pattern: RegExp, type: string][] = [
  [/```(?:([^\s`]+)(?=\s))?(?:\r\n|\n)?(.*?)```/sy, 'pre'],
  [/`()([^`]*)`/y, 'code'],
  [/\*()([^*]*)\*/y, 'bold'],
  [/_()([^_]*)_/y, 'italic'],
  [/\[()([^\]]*)\](?:\(([^)]*)\))?/y, 'text_link'],
]

/** Parses the legacy `Markdown`: no nesting, and `\` escapes only before `_ * ` [`. */
export function parseMarkdown(source: string): Formatted {
  const entities: Entity[] = []
  let text = ''
  let at = 0
  while (at < source.length) {
    const character = source[at]!
    if (character === '\\' && /[_*`[]/.test(source[at + 1] ?? '')) {
      text += source[at + 1]
      at += 2
    } else if (!/[_*`[]/.test(character)) {
      text += character
      at++
    } else {
      const found = formAt(source, at)
      if (found.content !== '' && found.fields) {
        entities.push({ ...found.fields, offset: text.length, length: found.content.length })
      }
      text += found.content
      at += found.width
    }
  }
  return { text, entities }
}

function formAt(source: string, at: number) {
  for (const [pattern, type] of FORMS) {
    pattern.lastIndex = at
    const match = pattern.exec(source)
    if (!match) continue
    const [whole, language, content = '', url] = match
    const plain = language ? { type, language } : { type }
    return { content, width: whole.length, fields: type === 'text_link' ? linkFields(url ?? '') : plain }
  }
  throw new MarkupError(`Can't find end of the entity starting at byte offset ${byteOffset(source, at)}`)
}
