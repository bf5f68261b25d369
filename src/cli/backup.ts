import { fileOf } from '../store/place.ts'
import { backupSqliteStore } from '../store/sqlite/backup.ts'
import { CONFIG_HELP, CONFIG_OPTION, type Command, UsageError } from './command.ts'
import { readConfig } from './read-config.ts'

export const backup: Command = {
  help: `Usage: breakerbot backup FILE [--config FILE]

Copies the store to FILE as it is at this moment, also while the service runs, and checks the copy. An older copy of
that name is replaced once the new one is complete. To restore it, see docs/operations.md.

${CONFIG_HELP}`,
  options: CONFIG_OPTION,
  async run(args) {
    const [target, ...more] = args.positionals
    if (target === undefined || more.length > 0)
      throw new UsageError('backup needs one file to write to: breakerbot backup FILE')
    const { store } = readConfig(args)
    const file = fileOf(store)
    if (file === undefined) throw new UsageError(REDIS)
    const bytes = await backupSqliteStore(file, target)
    process.stdout.write(`the store is copied to ${target}: ${(bytes / 1e6).toFixed(1)} MB, checked\n`)
    return 0
  },
}

const REDIS =
  'the store is a Redis: back that up with its own means, such as «redis-cli --rdb FILE» (docs/operations.md says how)'
