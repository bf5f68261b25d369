import type { Config } from '../config/schema.ts'
import { toPolicy } from '../config/to-policy.ts'
import { listBindings } from '../engine/bindings.ts'
import { withBindings } from '../engine/bound-policy.ts'
import { noteRestored } from '../engine/restored.ts'
import { verifyAudit } from '../store/audit-pages.ts'
import { openStore } from '../store/open.ts'
import { fileOf } from '../store/place.ts'
import { restoreSqliteStore } from '../store/sqlite/restore.ts'
import type { Store } from '../store/store.ts'
import { CONFIG_HELP, CONFIG_OPTION, type Command, UsageError } from './command.ts'
import { readConfig } from './read-config.ts'

export const restore: Command = {
  help: `Usage: breakerbot restore FILE [--config FILE]
       breakerbot restore            (with the store in a Redis, after its data was put back)

Puts FILE, which «breakerbot backup» has made, in place of the store; the service must be stopped. FILE is checked
first, its audit chain too, and stays as it is; the store that was there is kept under another name.

Nothing that was asked for before will move contacts: control is switched off, and all rooms are told so. Holds and
lock-outs of the time since the copy was made are gone. An admin looks at the site, then sends «control on» in a chat.
For alarms that are open in FILE nobody is called for ten minutes: rooms are told which, for they may be over by now.

      --broken-audit  takes a copy whose audit chain is broken, too
${CONFIG_HELP}`,
  options: { ...CONFIG_OPTION, 'broken-audit': { type: 'boolean' } },
  async run(args) {
    const config = readConfig(args)
    const [copy, ...more] = args.positionals
    const file = fileOf(config.store)
    if (more.length > 0 || (file === undefined) !== (copy === undefined))
      throw new UsageError(file === undefined ? REDIS : NEEDS_FILE)
    const tolerant = args.options['broken-audit'] === true
    let found = ''
    const prepare = async (store: Store) => {
      found = await settle(store, config, tolerant)
    }
    const aside =
      copy === undefined || file === undefined
        ? await inRedis(config.store, prepare)
        : await restoreSqliteStore(copy, file, prepare)
    process.stdout.write(`the store is restored: ${found}\n`)
    if (aside !== undefined) process.stdout.write(`the one before lies at ${aside}\n`)
    process.stdout.write('control is off until an admin sends «control on» in a chat\n')
    return 0
  },
}

const NEEDS_FILE = 'restore needs the copy to take: breakerbot restore FILE'
const REDIS =
  'the store is a Redis: put its data back with its own means, then run «breakerbot restore» without a file (docs/operations.md says how)'

async function inRedis(url: string, prepare: (store: Store) => Promise<void>): Promise<undefined> {
  const store = await openStore(url, { tidies: false })
  await prepare(store).finally(() => store.close())
}

/** Checks the audit and makes sure that nothing of an earlier time acts; answers with what is there. */
async function settle(store: Store, config: Config, tolerant: boolean): Promise<string> {
  const verdict = await verifyAudit(store)
  if (!verdict.intact && !tolerant)
    throw new Error(
      `the audit chain of the copy is broken at entry ${verdict.seq}: ${verdict.why}. Nothing was changed; take an older copy, or this one with --broken-audit`,
    )
  const now = Date.now()
  const [last] = verdict.intact ? [verdict.last] : []
  const bindings = await listBindings(store)
  const policy = withBindings(
    toPolicy(config),
    bindings.map(({ value }) => value),
  )
  await noteRestored(store, policy, { asOf: last?.at ?? now, now })
  if (!verdict.intact) return `its audit chain is broken at entry ${verdict.seq}`
  if (!last) return 'its audit is empty'
  return `its audit is whole, ${verdict.count} entries up to ${new Date(last.at).toISOString()}`
}
