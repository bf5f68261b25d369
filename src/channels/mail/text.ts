import { plain, sound } from '../kit/text.ts'
import { COLONS, say } from '../kit/words.ts'
import type { Notice } from '../way.ts'

/** The notice for programs that show no HTML. Names are kept to one line each. */
export function renderText({ title, text, card, locale }: Notice): string {
  const parts = [
    [plain(title)],
    sound(text).split(/\r?\n/).map(plain),
    card
      ? [
          plain(card.subtitle),
          ...card.rows.map((row) => plain(row.label) + COLONS[locale] + plain(row.value)),
        ]
      : [],
    card?.notes.map(plain) ?? [],
    card?.story.map(plain) ?? [],
    ['-- ', say(locale, 'mail.no-reply')],
  ]
  return `${parts
    .filter((lines) => lines.some((line) => line !== ''))
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}
