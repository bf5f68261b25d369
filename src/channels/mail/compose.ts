import { plain } from '../kit/text.ts'
import type { Notice } from '../way.ts'
import { renderHtml } from './html.ts'
import { renderText } from './text.ts'

/** One address and nothing else: no list, no name, no line break. */
const ADDRESS = /^[^\s@<>()[\],;:"\\]{1,64}@[^\s@<>()[\],;:"\\]{1,255}$/

/**
 * A notice as a mail. Its id is made from the key, so that a mail that comes twice is known for one; all about one alarm
 * hangs below a common ancestor, so that programs show them together, whichever came first.
 * @returns undefined where `to` is no address
 */
export function composeMail(to: string, from: string, notice: Notice, key: string) {
  if (!ADDRESS.test(to)) return undefined
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
  }
}

const safe = (id: string) => id.replace(/[^0-9A-Za-z._-]/g, '')

/** The bare address of `Name <address>`. */
export const addressOf = (from: string): string => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim()

/** Whether a text may stand as the sender of mails. */
export const isSender = (from: string): boolean => !/[\r\n]/.test(from) && ADDRESS.test(addressOf(from))
