import type { KeptPush } from '../engine/pushes.ts'
import { openReader, type StoreReader } from '../store/reader.ts'
import { CONFIG_HELP, CONFIG_OPTION, type Command, writeLine } from './command.ts'
import { readConfig } from './read-config.ts'

/** How many are written at most. */
const MOST = 100

export const pushes: Command = {
  help: `Usage: breakerbot pushes [--device ID] [--config FILE]

Writes the newest pushes (at most ${MOST}) to standard output as JSON lines: when, from which device, of what kind, and
the body as it came. They are kept for 30 days; plain readings are not among them.

      --device ID     only those of this breaker
${CONFIG_HELP}`,
  options: { ...CONFIG_OPTION, device: { type: 'string' } },
  async run(args) {
    const { device } = args.options
    const reader = await openReader(readConfig(args).store)
    try {
      let written = 0
      for await (const push of newest(reader)) {
        if (typeof device === 'string' && push.device !== device) continue
        writeLine(push)
        if (++written === MOST) break
      }
    } finally {
      await reader.close()
    }
    return 0
  },
}

/** All that are kept, newest first. */
async function* newest(reader: StoreReader): AsyncGenerator<KeptPush> {
  let before: number | undefined
  // Those of one moment may be spread over two pages.
  let seen = new Set<string>()
  for (;;) {
    const page = await reader.list<KeptPush>({
      kind: 'push',
      limit: MOST,
      ...(before !== undefined && { before: before + 1 }),
    })
    const fresh = page.filter(({ key }) => !seen.has(key))
    yield* fresh.map(({ value }) => value)
    if (fresh.length === 0) return
    before = page.at(-1)!.value.at
    seen = new Set(page.map(({ key }) => key))
  }
}
