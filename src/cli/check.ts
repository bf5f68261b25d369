import { secretsOf } from '../config/secrets.ts'
import { createRedactor } from '../log.ts'
import { CONFIG_HELP, CONFIG_OPTION, type Command, configFile } from './command.ts'
import { type Alike, forecasts, forecastText } from './forecasts.ts'
import { tryGroupRobots } from './online/robots.ts'
import { tryOnline } from './online.ts'
import { readConfig } from './read-config.ts'

export const check: Command = {
  help: `Usage: breakerbot check [--config FILE] [--online] [--json]

Names every fault of the configuration with its line and how to mend it; then who would be told when, and how, if
a breaker tripped now and nobody acknowledged. Breakers of which that is the same stand together.

${CONFIG_HELP}
      --online        also tries the store, the clock against the cloud, each credential, its permissions, and each
                      room's chat; sends nothing to any chat
      --json          who would be told, as one line of JSON for breakers that are alike, in ms`,
  options: { ...CONFIG_OPTION, online: { type: 'boolean' }, json: { type: 'boolean' } },
  async run(args) {
    const config = readConfig(args)
    const { breakers, rooms, people } = config
    process.stdout.write(
      `${configFile(args)} is valid: ${breakers.length} breakers, ${rooms.length} rooms, ${people.length} people\n`,
    )
    const alike = forecasts(config, Date.now())
    process.stdout.write(args.options.json ? asJson(alike) : forecastText(config, alike))
    if (!args.options.online) return 0
    const findings = [...(await tryOnline(config)), ...(await tryGroupRobots(config))]
    const { clean } = createRedactor(secretsOf(config))
    for (const { part, ok, detail } of findings)
      process.stdout.write(clean(`${ok ? 'ok  ' : 'FAIL'} ${part}: ${detail}\n`))
    return findings.every((finding) => finding.ok) ? 0 : 2
  },
}

const asJson = (all: readonly Alike[]): string =>
  all
    .map(({ breakers, forecast }) => JSON.stringify({ breakers: breakers.map((one) => one.id), ...forecast }))
    .map((line) => `${line}\n`)
    .join('')
