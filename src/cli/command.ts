import type { ParseArgsConfig } from 'node:util'
import { faultText } from '../config/fault-text.ts'
import type { Loaded } from '../config/load.ts'
import type { Config } from '../config/schema.ts'

/** One command of the command line. */
export interface Command {
  help: string
  options: NonNullable<ParseArgsConfig['options']>
  /** Resolves with the exit code. */
  run(args: Args): Promise<number>
}

export interface Args {
  options: Record<string, string | boolean | undefined>
  positionals: string[]
}

/** Something wrong with what was typed or configured: exit code 1. */
export class UsageError extends Error {}

export const CONFIG_OPTION = { config: { type: 'string', short: 'c' } } as const
export const CONFIG_HELP = '  -c, --config FILE   the configuration; default breakerbot.yaml'

export function configFile({ options }: Args): string {
  return typeof options.config === 'string' ? options.config : 'breakerbot.yaml'
}

/**
 * The configuration that was found in a file.
 * @throws UsageError with every fault, one a line
 */
export function usable(file: string, loaded: Loaded, warn: (text: string) => void): Config {
  if (!loaded.ok) {
    const lines = loaded.faults.map((fault) => `  ${faultText(file, fault)}`)
    throw new UsageError(`the configuration cannot be used:\n${lines.join('\n')}`)
  }
  for (const warning of loaded.warnings) warn(faultText(file, warning))
  return loaded.config
}

/** One JSON line on standard output, its time in words. */
export function writeLine<T extends { at: number }>(value: T): void {
  process.stdout.write(`${JSON.stringify({ ...value, at: new Date(value.at).toISOString() })}\n`)
}
