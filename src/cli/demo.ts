import { secretsOf } from '../config/secrets.ts'
import { startDemo } from '../demo.ts'
import { createLog, type Logger } from '../log.ts'
import { type Command, UsageError } from './command.ts'
import { untilToldToStop } from './signals.ts'

const PORT = 8090
/** How many ports after {@link PORT} are tried before any free one is taken. */
const MORE = 9

export const demo: Command = {
  help: `Usage: breakerbot demo [--port N]

Starts the service together with simulators of the cloud, Telegram, DingTalk and WeCom, and a page on which to trip
breakers and answer in the three chats. Needs no account, touches nothing outside this machine, keeps nothing.
Ends on Ctrl-C.

  -p, --port N   where the page is; default ${PORT}, or the next free port. 0: any free port`,
  options: { port: { type: 'string', short: 'p' } },
  async run({ options }) {
    const ports = portsFrom(options.port)
    const logFor = (secrets: string[] = []): Logger =>
      createLog({ secrets, level: 'warn', pretty: process.stderr.isTTY })
    const stopped = untilToldToStop(logFor())
    const running = await startDemo({ ports, logFor: (config) => logFor(secretsOf(config)) })
    process.stdout.write(`${welcome(running.address)}\n`)
    await stopped
    await running.close()
    return 0
  },
}

function portsFrom(option: string | boolean | undefined): number[] {
  if (typeof option !== 'string') return [...Array.from({ length: MORE + 1 }, (_, n) => PORT + n), 0]
  if (!/^\d{1,5}$/.test(option) || Number(option) > 65_535)
    throw new UsageError('--port must be a number from 0 to 65535')
  return [Number(option)]
}

function welcome(address: string): string {
  return [
    `BreakerBot demo on ${address}/  (Ctrl-C ends it)`,
    'Try: trip Aerator 3 (3号增氧机) by overload, «Acknowledge» (确认) it in Telegram, then «Reclose» (合闸) it in DingTalk.',
  ].join('\n')
}
