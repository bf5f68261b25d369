import { createTransport } from 'nodemailer'
import type { Log } from '../../domain/log.ts'
import { createOneWay } from '../kit/one-way.ts'
import { excerpt } from '../kit/text.ts'
import type { Handed, Notice, Way } from '../way.ts'
import { composeMail } from './compose.ts'
import { handedOf } from './outcome.ts'
import { readSmtp } from './smtp-url.ts'

export interface MailOptions {
  /** `smtp://` or `smtps://`, with user and password where they are needed. */
  smtp: string
  /** `breakers@example.com`, or `BreakerBot <breakers@example.com>`. */
  from: string
  log: Log
  /** ms; tests shorten it. */
  within?: number
}

/** ms for a mail as a whole; a step of its own may take half of it. */
const WITHIN = 30_000

/** Mails by SMTP, over connections that are kept. `to` is one address. */
export function createMailWay({ smtp, from, log, within = WITHIN }: MailOptions): Way {
  const transport = openPool(smtp, within)
  const { secrets } = readSmtp(smtp)

  async function send(to: string, notice: Notice, key: string, signal: AbortSignal): Promise<Handed> {
    const mail = composeMail(to, from, notice, key)
    if (!mail) return { outcome: 'refused', why: 'the recipient is no mail address: check it' }
    const progress = { begun: () => false }
    try {
      const { response } = await transport.sendMail({ ...mail, ...{ signal, progress } })
      return { outcome: 'delivered', ref: excerpt(response, ...secrets) }
    } catch (error) {
      return handedOf(error, { begun: progress.begun(), over: signal.aborted })
    }
  }

  return createOneWay({ name: 'mail', send, close: () => end(transport), secrets, within, log })
}

/**
 * Connects and logs in, and sends nothing.
 * @returns what is wrong and what to do; undefined if all is well
 */
export async function verifyMail(smtp: string, within = WITHIN): Promise<string | undefined> {
  const transport = openPool(smtp, within)
  try {
    await transport.verify()
    return undefined
  } catch (error) {
    const handed = handedOf(error, { begun: false, over: false })
    return 'why' in handed ? excerpt(handed.why, ...readSmtp(smtp).secrets) : undefined
  } finally {
    transport.close()
  }
}

/** At once: a connection that still waits for an answer (to the reset after a refused mail) would stay open. */
function end(transport: { close(options?: { force: boolean }): void }): void {
  transport.close({ force: true })
}

const progressIn = (data: object): object =>
  'progress' in data && typeof data.progress === 'object' && data.progress !== null ? data.progress : {}

function openPool(smtp: string, within: number) {
  const step = within / 2
  const transport = createTransport({
    ...readSmtp(smtp).server,
    pool: true,
    maxConnections: 2,
    // Whether a mail goes out once more is the engine's to say.
    ...{ maxRequeues: 0 },
    connectionTimeout: step,
    greetingTimeout: step,
    socketTimeout: step,
    ...{ dnsTimeout: step },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  // The server asks for the text last: before that, nothing can have been taken.
  transport.use('stream', (mail, done) => {
    mail.message.processFunc((text) => {
      Object.assign(progressIn(mail.data), { begun: () => text.readableDidRead })
      return text
    })
    done()
  })
  return transport
}
