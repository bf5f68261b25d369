import { openSqliteReader } from '../store/sqlite/reader.ts'
import { CONFIG_HELP, CONFIG_OPTION, type Command, readConfig } from './command.ts'

export const unreadable: Command = {
  help: `Usage: breakerbot unreadable [--config FILE]

Writes the newest pushes that could not be read (at most 100) to standard output as JSON lines: when, why, and the
body as it came.

${CONFIG_HELP}`,
  options: CONFIG_OPTION,
  async run(args) {
    const reader = openSqliteReader(readConfig(args).store.replace(/^sqlite:/, ''))
    try {
      for (const { value } of reader.list<{ at: number; why: string; raw: string }>({
        kind: 'unreadable',
        limit: 100,
      })) {
        process.stdout.write(`${JSON.stringify({ ...value, at: new Date(value.at).toISOString() })}\n`)
      }
    } finally {
      reader.close()
    }
    return 0
  },
}
