import { addressOf, isMailAddress } from '../../domain/way.ts'
import { plain } from '../kit/text.ts'
import type { Notice } from '../way.ts'
import { renderHtml } from './html.ts'
import { renderText } from './text.ts'

/**
 * A notice as a mail. Its id is made from the key, so that a mail that comes twice is known for one; all about one alarm
 * hangs below a common ancestor, so that programs show them together, whichever came first.
 * @returns undefined where `to` is no address
 */
export function composeMail(to: string, from: string, notice: Notice, key: string) {
  if (!isMailAddress(to)) return undefined
  const sender = addressOf(from)
  const domain = sender.split('@')[1] ?? 'breakerbot.invalid'
  const thread = `<${safe(notice.thread)}.alarm@${domain}>`
  return {
    from,
    to: { name: '', address: to },
    envelope: { from: sender, to: [to] },
    subject: plain(notice.title),
    messageId: `<${safe(key)}.notice@${domain}>`,
    inReplyTo: thread,
    references: [thread],
    headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': notice.locale },
    text: renderText(notice),
    html: renderHtml(notice),
    ...(notice.files && {
      attachments: notice.files.map(({ name, type, content }) => ({
        filename: name,
        contentType: type,
        content: Buffer.from(content),
      })),
    }),
  }
}

const safe = (id: string) => id.replace(/[^0-9A-Za-z._-]/g, '')
