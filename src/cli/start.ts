import { loadConfigApart } from '../config/load-apart.ts'
import type { Config } from '../config/schema.ts'
import { secretsOf } from '../config/secrets.ts'
import { createLog, createRedactor, type Redactor } from '../log.ts'
import { CONFIG_HELP, CONFIG_OPTION, type Command, configFile, usable } from './command.ts'
import { reload } from './reload.ts'
import { onReload, untilToldToStop } from './signals.ts'
import { createSupervisor } from './supervisor.ts'
import { startWatchdog } from './watchdog.ts'

type CreateApp = typeof import('../app.ts').createApp

/** How often it is looked whether the service is still of use, and for how long it may not be, ms. */
const LOOK_EVERY = 15_000
const PATIENCE = 30_000

export const start: Command = {
  help: `Usage: breakerbot start [--config FILE]

Runs the service until SIGTERM or Ctrl-C. Prints «ready on http://HOST:PORT» once it takes pushes.
SIGHUP: reads the configuration again and, if it has no fault, takes it as a whole.

${CONFIG_HELP}`,
  options: CONFIG_OPTION,
  async run(args) {
    const warnings: string[] = []
    const file = configFile(args)
    const loading = loadConfigApart(file)
    // Beside each other: both take their time.
    const { createApp } = await import('../app.ts')
    const config = usable(file, await loading, (text) => warnings.push(text))
    const secrets = createRedactor(secretsOf(config))
    return cleanly(secrets, () => serve(file, createApp, config, warnings, secrets))
  },
}

async function serve(
  file: string,
  createApp: CreateApp,
  config: Config,
  warnings: string[],
  secrets: Redactor,
): Promise<number> {
  const log = createLog({ secrets, pretty: process.stderr.isTTY })
  for (const warning of warnings) log.warn({ part: 'configuration' }, warning)
  const app = await createApp(config, log)
  const stopped = untilToldToStop(log)
  const supervisor = createSupervisor(process.env, log)
  const unhook = onReload(async () => {
    void supervisor.tell('RELOADING=1')
    await reload(file, app, log, secrets)
    void supervisor.tell('READY=1')
  })
  const address = await app.start()
  const unwatch = startWatchdog({
    ailment: app.ailment,
    well: () => void supervisor.tell('WATCHDOG=1'),
    lost(why) {
      log.fatal({ why }, LOST)
      process.exit(2)
    },
    every: Math.min(LOOK_EVERY, (supervisor.watchdog ?? Number.POSITIVE_INFINITY) / 2),
    patience: PATIENCE,
  })
  process.stdout.write(`ready on ${address}\n`)
  void supervisor.tell('READY=1', `STATUS=ready on ${address}`)
  await stopped
  unhook()
  unwatch()
  await Promise.all([supervisor.tell('STOPPING=1'), app.stop()])
  return 0
}

/** It cannot mend itself, and who goes by its address should see that it is gone; nothing that it has taken is lost. */
const LOST =
  'this process is of no use any more and ends with code 2; systemd or Docker starts it afresh, started by hand it stays down: start it again'

/** What goes wrong is told by the command line, past the log: without secrets, too. */
async function cleanly<T>({ clean }: Redactor, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new Error(clean(error instanceof Error ? error.message : String(error)))
  }
}
