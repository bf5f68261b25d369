import { verifyChain } from '../store/audit-chain.ts'
import { openSqliteReader, type SqliteReader } from '../store/sqlite/reader.ts'
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
    const reader = openSqliteReader(readConfig(args).store.replace(/^sqlite:/, ''))
    try {
      // Old entries are dropped for their age: what is kept begins here.
      const start = reader.auditStart()
      const rows = pages(reader, start.seq)
      return what === 'export' ? exportRows(rows) : verify(rows, start)
    } finally {
      reader.close()
    }
  },
}

const PAGE = 1000

function* pages(reader: SqliteReader, start: number): Generator<AuditRow> {
  for (let after = start; ; ) {
    const rows = reader.audit({ after, limit: PAGE })
    yield* rows
    if (rows.length < PAGE) return
    after = rows.at(-1)!.seq
  }
}

function exportRows(rows: Iterable<AuditRow>): number {
  for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
  return 0
}

function verify(rows: Iterable<AuditRow>, start: ChainLink): number {
  let count = 0
  const counted = function* () {
    for (const row of rows) {
      count++
      yield row
    }
  }
  const verdict = verifyChain(counted(), start)
  if (verdict.intact) {
    process.stdout.write(`the audit chain is whole: ${count} entries\n`)
    return 0
  }
  process.stdout.write(`the audit chain is broken at entry ${verdict.seq}: ${verdict.why}\n`)
  return 2
}
