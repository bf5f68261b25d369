import { z } from 'zod'
import { readNetworkError } from '../kit/network.ts'
import { plain } from '../kit/text.ts'
import type { Handed } from '../way.ts'

/** What nodemailer puts on its errors. */
const smtpError = z.object({
  code: z.string().optional(),
  responseCode: z.number().optional(),
  response: z.string().optional(),
  message: z.string(),
})

/** What to do about some answers (RFC 5321, RFC 4954; what providers mean by them differs). */
const HINTS: Record<number, string> = {
  421: 'the server is busy or closing',
  452: 'the mailbox or the server is full',
  530: 'it wants a user and password: put them into notify.mail.smtp',
  534: 'it wants another way to log in; many providers ask for an app password',
  535: 'user or password is wrong: check notify.mail.smtp; many providers ask for an app password or authorisation code',
  550: 'the address does not exist, or this sender may not write to it',
  553: 'the address is not allowed; many providers want notify.mail.from to be the account itself',
  554: 'the server does not take the mail from here',
}

/**
 * What a failed attempt means. An answer of the server's settles it: 4xx is for now, 5xx for good. Without one, the mail
 * may have been taken once its text had begun to leave.
 */
export function handedOf(error: unknown, { begun, over }: { begun: boolean; over: boolean }): Handed {
  const { code = '', responseCode, response, message } = smtpError.safeParse(error).data ?? { message: '' }
  const said = plain(response ?? message)
  if (responseCode !== undefined) {
    const [outcome, hint] = [responseCode < 500 ? 'later' : 'refused', HINTS[responseCode]] as const
    // What to do comes first: the rest may be cut.
    const why = hint === undefined ? `the mail server said ${said}` : `${hint} (the mail server said ${said})`
    return { outcome, why, code: String(responseCode) }
  }
  if (begun) return { outcome: 'unknown', why: `the mail server did not say whether it took it: ${said}` }
  if (code === 'EAUTH')
    return { outcome: 'refused', why: `no log-in: check notify.mail.smtp (${said})`, code }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { outcome: 'refused', why: said, code }
  const reason = said === '' ? readNetworkError(error).text : said
  const why = over ? 'the mail server was too slow' : `the mail server cannot be reached: ${reason}`
  return { outcome: 'later', why, ...(code !== '' && { code }) }
}
