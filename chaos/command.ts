import type { Violation } from './verdict.ts'

/** Violations that are shown; all of them stand in the evidence. */
const SHOWN = 20

export const say = (line: string) => void process.stdout.write(`${line}\n`)

/** Says how the command is used, and ends well. */
export function endWithHelp(help: string): never {
  process.stdout.write(help)
  process.exit(0)
}

/** An option is wrong: says why and how the command is used, and ends badly. */
export function endOverOption(why: string, help: string): never {
  process.stderr.write(`${why}\n${help}`)
  process.exit(1)
}

/** Ctrl-C is no verdict. */
export function endOnSignals() {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
}

/**
 * What a run came to. `again` is the command that repeats it, `good` what is said where nothing was broken; only a
 * run that broke something leaves a folder. Sets the exit code.
 */
export function tellVerdict(
  { violations, folder }: { violations: readonly Violation[]; folder?: string },
  { again, good }: { again: string; good: string },
) {
  for (const { rule, what } of violations.slice(0, SHOWN)) say(`BROKEN ${rule}: ${what}`)
  if (violations.length > SHOWN) say(`… and ${violations.length - SHOWN} more`)
  if (folder) say(`evidence: ${folder}; again: ${again}`)
  else say(good)
  process.exitCode = folder ? 1 : 0
}
