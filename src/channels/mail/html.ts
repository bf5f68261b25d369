import type { CardTone } from '../../domain/card-text.ts'
import { plain, sound } from '../kit/text.ts'
import { say, TONES } from '../kit/words.ts'
import type { Notice } from '../way.ts'

/** The bar above a card: dark enough for white text, light enough to be seen on black. */
const BARS: Record<CardTone, string> = {
  alarm: '#c62828',
  warning: '#b45309',
  working: '#1d4ed8',
  good: '#15803d',
  neutral: '#4b5563',
}

/** For programs that know it; without it the light colours hold. */
const DARK = `@media (prefers-color-scheme: dark) {
  body, .page { background: #111827 !important; }
  .card { background: #1f2937 !important; border-color: #374151 !important; }
  .ink { color: #f3f4f6 !important; }
  .faint { color: #9ca3af !important; }
}`

/** The notice as a page: a table and inline styles, for mail programs know little else; as wide as a phone at most. */
export function renderHtml({ title, text, card, locale, event }: Notice): string {
  const tone = card?.tone ?? (event === 'report' ? 'neutral' : 'alarm')
  const words = sound(text).split(/\r?\n/).map(plain).filter(Boolean)
  const sentences = (lines: readonly string[], kind: 'ink' | 'faint') =>
    lines.map((line) => paragraph(line, kind)).join('')
  return `<!DOCTYPE html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${quoted(title)}</title>
<style>${DARK}</style>
</head>
<body style="margin:0;padding:0;background:#f3f4f6">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6"><tr><td align="center" style="padding:12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="max-width:480px;background:#ffffff;border:1px solid #d1d5db;border-radius:8px;font-family:-apple-system,'PingFang SC','Microsoft YaHei',Roboto,Arial,sans-serif;word-break:break-word">
<tr><td style="background:${BARS[tone]};color:#ffffff;padding:12px 16px;border-radius:7px 7px 0 0;font-size:18px;font-weight:bold">${TONES[tone]} ${quoted(title)}</td></tr>
<tr><td style="padding:8px 16px">${sentences(words, 'ink')}${card ? paragraph(card.subtitle, 'faint') : ''}</td></tr>
${card ? rows(card.rows) : ''}${card ? block(sentences(card.notes, 'ink')) : ''}${card ? block(sentences(card.story, 'faint')) : ''}<tr><td class="faint" style="padding:8px 16px 12px;border-top:1px solid #d1d5db;color:#6b7280;font-size:12px">${quoted(say(locale, 'mail.no-reply'))}</td></tr>
</table>
</td></tr></table>
</body>
</html>
`
}

const INK = { ink: 'color:#111827;font-size:15px', faint: 'color:#6b7280;font-size:13px' }

const paragraph = (line: string, kind: 'ink' | 'faint') =>
  `<p class="${kind}" style="margin:6px 0;line-height:1.5;${INK[kind]}">${quoted(line)}</p>`

const block = (content: string) =>
  content === '' ? '' : `<tr><td style="padding:4px 16px">${content}</td></tr>\n`

function rows(list: readonly { label: string; value: string }[]): string {
  const lines = list.map(
    ({ label, value }) =>
      `<tr><td class="faint" style="padding:3px 12px 3px 0;vertical-align:top;white-space:nowrap;${INK.faint}">${quoted(label)}</td><td class="ink" style="padding:3px 0;${INK.ink}">${quoted(value)}</td></tr>`,
  )
  return block(
    lines.length === 0
      ? ''
      : `<table role="presentation" cellpadding="0" cellspacing="0">${lines.join('')}</table>`,
  )
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const quoted = (text: string) => plain(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!)
