import { loadConfigApart } from '../config/load-apart.ts'
import { secretsOf } from '../config/secrets.ts'
import { createLog } from '../log.ts'
import { CONFIG_HELP, CONFIG_OPTION, type Command, configFile, usable } from './command.ts'
import { reload } from './reload.ts'
import { onReload, untilToldToStop } from './signals.ts'

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
    const log = createLog({ secrets: secretsOf(config), pretty: process.stderr.isTTY })
    for (const warning of warnings) log.warn({ part: 'configuration' }, warning)
    const app = await createApp(config, log)
    const stopped = untilToldToStop(log)
    const unhook = onReload(() => reload(file, app, log))
    const address = await app.start()
    process.stdout.write(`ready on ${address}\n`)
    await stopped
    unhook()
    await app.stop()
    return 0
  },
}
