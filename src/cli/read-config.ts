import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { type Args, configFile, usable } from './command.ts'

/**
 * Reads the configuration; each warning goes to `warn`, by default to standard error.
 * @throws UsageError with every fault, one a line
 */
export function readConfig(args: Args, warn: (text: string) => void = toStderr): Config {
  const file = configFile(args)
  return usable(file, loadConfig(file, process.env), warn)
}

function toStderr(text: string): void {
  process.stderr.write(`warning: ${text}\n`)
}
