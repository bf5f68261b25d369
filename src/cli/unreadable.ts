import { openReader } from '../store/reader.ts'
import { CONFIG_HELP, CONFIG_OPTION, type Command, writeLine } from './command.ts'
import { readConfig } from './read-config.ts'

export const unreadable: Command = {
  help: `Usage: breakerbot unreadable [--config FILE]

Writes the newest pushes that could not be read (at most 100) to standard output as JSON lines: when, why, and the
body as it came.

${CONFIG_HELP}`,
  options: CONFIG_OPTION,
  async run(args) {
    const reader = await openReader(readConfig(args).store)
    try {
      const kept = await reader.list<{ at: number; why: string; raw: string }>({
        kind: 'unreadable',
        limit: 100,
      })
      for (const { value } of kept) writeLine(value)
    } finally {
      await reader.close()
    }
    return 0
  },
}
