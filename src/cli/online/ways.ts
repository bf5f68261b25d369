import { verifyMail } from '../../channels/mail/index.ts'
import type { Config } from '../../config/schema.ts'
import { type Finding, ill, PATIENCE, well } from './finding.ts'

/** Logs in to the mail server. A call or a web-hook cannot be tried without making one: that is said. */
export async function tryWays({ notify = {} }: Config): Promise<Finding[]> {
  const { mail, voice, webhooks = {} } = notify
  return [
    ...(mail ? [await tryMail(mail.smtp)] : []),
    ...(voice
      ? [well('voice', 'not tried: that takes a call; the template and the keys show at the first one')]
      : []),
    ...Object.entries(webhooks).map(([name, { url }]) =>
      well(`web-hook ${name}`, `not tried: ${new URL(url).host} would take it for an alarm`),
    ),
  ]
}

async function tryMail(smtp: string): Promise<Finding> {
  const why = await verifyMail(smtp, PATIENCE)
  return why === undefined ? well('mail', 'the server takes the log-in; no mail was sent') : ill('mail', why)
}
