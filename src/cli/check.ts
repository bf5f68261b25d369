import { CONFIG_HELP, CONFIG_OPTION, type Command, configFile, readConfig } from './command.ts'
import { tryGroupRobots } from './online/robots.ts'
import { tryOnline } from './online.ts'

export const check: Command = {
  help: `Usage: breakerbot check [--config FILE] [--online]

Names every fault of the configuration with its line and how to mend it.

${CONFIG_HELP}
      --online        also tries the store, the clock against the cloud, each credential, its permissions, and each
                      room's chat; sends nothing to any chat`,
  options: { ...CONFIG_OPTION, online: { type: 'boolean' } },
  async run(args) {
    const config = readConfig(args)
    const { breakers, rooms, people } = config
    process.stdout.write(
      `${configFile(args)} is valid: ${breakers.length} breakers, ${rooms.length} rooms, ${people.length} people\n`,
    )
    if (!args.options.online) return 0
    const findings = [...(await tryOnline(config)), ...(await tryGroupRobots(config))]
    for (const { part, ok, detail } of findings)
      process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${part}: ${detail}\n`)
    return findings.every((finding) => finding.ok) ? 0 : 2
  },
}
