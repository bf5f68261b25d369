import { parseArgs } from 'node:util'
import { type Command, UsageError } from './cli/command.ts'

/** Loaded only when asked for: the service must not wait for the simulators of the demo. */
interface Entry {
  summary: string
  load(): Promise<Command>
}

/** The command line; nothing else reads process.argv. Exit codes: 0 well, 1 configuration or usage, 2 a fault at run time. */
const COMMANDS = new Map<string, Entry>(
  Object.entries({
    start: { summary: 'runs the service', load: async () => (await import('./cli/start.ts')).start },
    demo: {
      summary: 'the whole thing on loopback, nothing to configure',
      load: async () => (await import('./cli/demo.ts')).demo,
    },
    check: {
      summary: 'validates the configuration',
      load: async () => (await import('./cli/check.ts')).check,
    },
    bind: {
      summary: 'prints one-time codes that bind a group to a room, or an account to a person',
      load: async () => (await import('./cli/bind.ts')).bind,
    },
    simulate: {
      summary: 'plays a scenario into a running service',
      load: async () => (await import('./cli/simulate.ts')).simulate,
    },
    audit: {
      summary: 'checks the audit chain, or writes it out',
      load: async () => (await import('./cli/audit.ts')).audit,
    },
    backup: {
      summary: 'copies the store, also while the service runs',
      load: async () => (await import('./cli/backup.ts')).backup,
    },
    restore: {
      summary: 'puts a copy of the store in place of it, so that nothing old moves contacts',
      load: async () => (await import('./cli/restore.ts')).restore,
    },
    pushes: {
      summary: 'shows what the cloud has pushed, as it came',
      load: async () => (await import('./cli/pushes.ts')).pushes,
    },
    unreadable: {
      summary: 'shows the pushes that could not be read',
      load: async () => (await import('./cli/unreadable.ts')).unreadable,
    },
  }),
)

function overview(): string {
  const lines = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
  return `BreakerBot: breaker alarms as cards in WeCom, DingTalk and Telegram, answers as signed commands

Usage: breakerbot <command> [options]

${lines.join('\n')}

breakerbot <command> --help tells more.
`
}

async function main([name, ...rest]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(overview())
    return name === undefined ? 1 : 0
  }
  const command = await COMMANDS.get(name)?.load()
  if (!command) throw new UsageError(`there is no command «${name}»\n\n${overview()}`)
  const { values, positionals } = parse(command, rest)
  if (values.help) {
    process.stdout.write(`${command.help}\n`)
    return 0
  }
  return command.run({ options: values as Record<string, string | boolean | undefined>, positionals })
}

function parse(command: Command, args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
    })
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${command.help}`)
  }
}

function end(code: number): void {
  process.exitCode = code
  // A library may have left a timer behind; it must not keep the process.
  setTimeout(() => process.exit(), 500).unref()
}

// The store and its copies hold what buttons are signed with: what is made here is for its owner alone.
process.umask(0o077)
main(process.argv.slice(2)).then(end, (error: unknown) => {
  process.stderr.write(`breakerbot: ${error instanceof Error ? error.message : String(error)}\n`)
  end(error instanceof UsageError ? 1 : 2)
})
