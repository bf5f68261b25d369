import { verifyChain } from '../store/audit-chain.ts'
import { openReader, type StoreReader } from '../store/reader.ts'
import type { AuditRow, ChainLink } from '../store/store.ts'
import { CONFIG_HELP, CONFIG_OPTION, type Command, readConfig, UsageError } from './command.ts'

export const audit: Command = {
  help: `Usage: breakerbot audit [verify|export] [--config FILE]

verify   checks that no entry was changed, taken out or put in (default); exit 2 if one was
export   writes all entries to standard output as JSON lines

${CONFIG_HELP}`,
  options: CONFIG_OPTION,
  async run(args) {
    const [what = 'verify'] = args.positionals
    if (what !== 'verify' && what !== 'export')
      throw new UsageError(`audit knows verify and export, not «${what}»`)
    const reader = await openReader(readConfig(args).store)
    try {
      // Old entries are dropped for their age: what is kept begins here.
      const start = await reader.auditStart()
      const rows = pages(reader, start.seq)
      return what === 'export' ? await exportRows(rows) : await verify(rows, start)
    } finally {
      await reader.close()
    }
  },
}

const PAGE = 1000

async function* pages(reader: StoreReader, start: number): AsyncGenerator<AuditRow[]> {
  for (let after = start; ; ) {
    const rows = await reader.audit({ after, limit: PAGE })
    yield rows
    if (rows.length < PAGE) return
    after = rows.at(-1)!.seq
  }
}

async function exportRows(pages: AsyncIterable<AuditRow[]>): Promise<number> {
  for await (const rows of pages) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
  return 0
}

async function verify(pages: AsyncIterable<AuditRow[]>, start: ChainLink): Promise<number> {
  let count = 0
  let last = start
  for await (const rows of pages) {
    const verdict = verifyChain(rows, last)
    if (!verdict.intact) {
      process.stdout.write(`the audit chain is broken at entry ${verdict.seq}: ${verdict.why}\n`)
      return 2
    }
    count += rows.length
    last = rows.at(-1) ?? last
  }
  process.stdout.write(`the audit chain is whole: ${count} entries\n`)
  return 0
}
