import { createServer, type Server, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { createMailWay } from '../../../src/channels/mail/index.ts'
import { closedPort } from '../../support/closed-port.ts'
import { createRecorder } from '../../support/recorder.ts'
import type { Trouble, WayRig } from './rig.ts'
import { countSockets } from './sockets.ts'

const PASSWORD = 'smtp p@ss/word'

/** The moments at which the server may say something else than yes. */
export type Moment = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data' | 'end'

export interface MailRig extends WayRig {
  /** The server's next answer at this moment; `silence`: none. */
  say(moment: Moment, code: number | 'silence'): void
  raw: Buffer[]
  mails(): Promise<ParsedMail[]>
  /** The envelope's recipients, mail by mail. */
  recipients: string[][]
  address: string
}

class Answer extends Error {
  responseCode: number
  constructor(responseCode: number) {
    super(`said ${responseCode}`)
    this.responseCode = responseCode
  }
}

/** A real SMTP server with a log-in, and in front of it one that breaks connections. */
export async function createMailRig(
  within: number,
  from = 'BreakerBot <breakers@example.com>',
): Promise<MailRig> {
  const raw: Buffer[] = []
  const recipients: string[][] = []
  const answers = new Map<Moment, number | 'silence'>()
  let begun = 0

  function answer(moment: Moment, done: (error?: Error) => void): void {
    const said = answers.get(moment)
    answers.delete(moment)
    if (said === undefined) done()
    else if (said !== 'silence') done(new Answer(said))
  }

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onConnect: (_session, done) => answer('connect', done),
    onAuth({ username, password }, _session, done) {
      answer('auth', (error) => {
        if (error) return done(error)
        if (username !== 'bot@example.com' || password !== PASSWORD) return done(new Answer(535))
        done(null, { user: username })
      })
    },
    onMailFrom(_address, _session, done) {
      begun++
      answer('mail', done)
    },
    onRcptTo: (_address, _session, done) => answer('rcpt', done),
    onData(stream, session, done) {
      void buffer(stream).then((text) =>
        answer('end', (error) => {
          if (error) return done(error)
          raw.push(text)
          recipients.push(session.envelope.rcptTo.map(({ address }) => address))
          done()
        }),
      )
    },
  })
  smtp.on('error', () => {})
  const front = createFront(smtp)
  await new Promise<void>((resolve) => front.server.listen(0, '127.0.0.1', resolve))
  const address = front.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const { log, lines } = createRecorder()
  const url = (where: number) => `smtp://bot%40example.com:${encodeURIComponent(PASSWORD)}@127.0.0.1:${where}`
  const at = (where: number) => createMailWay({ smtp: url(where), from, log, within })
  return {
    way: at(port),
    again: () => at(port),
    nowhere: async () => at(await closedPort()),
    to: 'manager@example.com',
    address: url(port),
    raw,
    recipients,
    mails: () => Promise.all(raw.map((one) => simpleParser(one))),
    taken: async () =>
      (await Promise.all(raw.map((one) => simpleParser(one)))).map(
        ({ subject, text, html }) => `${subject}\n${text}\n${html}`,
      ),
    begun: () => begun,
    connections: front.connections,
    secrets: [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(PASSWORD).toString('base64')],
    lines,
    say: (moment, code) => void answers.set(moment, code),
    hurt(trouble) {
      if (trouble === 'hang') answers.set('mail', 'silence')
      else front.hurt(TROUBLE[trouble])
    },
    async close() {
      front.end()
      await new Promise((resolve) => front.server.close(resolve))
      await new Promise<void>((resolve) => smtp.close(() => resolve()))
    },
  }
}

/** Passes connections on, but one that is to go wrong. */
function createFront(smtp: SMTPServer): {
  server: Server
  connections(): number
  hurt(how: (socket: Socket) => void): void
  end(): void
} {
  let next: ((socket: Socket) => void) | undefined
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    const now = next
    next = undefined
    if (now) now(socket)
    else smtp.server.emit('connection', socket)
  })
  const connections = countSockets(server)
  return {
    server,
    connections,
    hurt: (how) => {
      next = how
    },
    end: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

const TROUBLE: Record<Exclude<Trouble, 'hang'>, (socket: Socket) => void> = {
  reset: (socket) => socket.resetAndDestroy(),
  html: (socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>no</html>\r\n'),
  torn: (socket) => socket.end('220 mail.exa'),
  drip(socket) {
    const drip = setInterval(() => socket.write('220-x\r\n'), 20)
    socket.on('close', () => clearInterval(drip))
  },
}
