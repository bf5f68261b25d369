import { startOfDay } from '../domain/local-time.ts'
import { type AuditVerdict, auditPages, verifyAudit } from '../store/audit-pages.ts'
import { openReader } from '../store/reader.ts'
import type { AuditRow } from '../store/store.ts'
import { type Args, CONFIG_HELP, CONFIG_OPTION, type Command, UsageError } from './command.ts'
import { readConfig } from './read-config.ts'

export const audit: Command = {
  help: `Usage: breakerbot audit [verify|export] [--config FILE]

verify   checks that no entry was changed, taken out or put in (default); exit 2 if one was
export   writes all entries to standard output as JSON lines

  --device ID          export only what was done to this breaker
  --from, --to TIME    export only what happened from then on, and before then: 2026-01-31, or
                       2026-01-31T08:00 (the configured time zone), or 2026-01-31T00:00:00Z
${CONFIG_HELP}`,
  options: {
    ...CONFIG_OPTION,
    device: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
  },
  async run(args) {
    const [what = 'verify'] = args.positionals
    if (what !== 'verify' && what !== 'export')
      throw new UsageError(`audit knows verify and export, not «${what}»`)
    const config = readConfig(args)
    const wanted = what === 'export' ? choice(args, config.timezone) : undefined
    const some = ['device', 'from', 'to'].find((one) => args.options[one] !== undefined)
    if (!wanted && some)
      throw new UsageError(`--${some} is for audit export; the chain is checked as a whole`)
    const reader = await openReader(config.store)
    try {
      if (!wanted) return tell(await verifyAudit(reader))
      return await exportRows(auditPages(reader, await reader.auditStart()), wanted)
    } finally {
      await reader.close()
    }
  },
}

/** Which entries are to be written. */
type Choice = (row: AuditRow) => boolean

function choice({ options }: Args, timezone: string): Choice {
  const { device } = options
  const from = moment('from', options.from, timezone) ?? Number.NEGATIVE_INFINITY
  const to = moment('to', options.to, timezone) ?? Number.POSITIVE_INFINITY
  return (row) => row.at >= from && row.at < to && (device === undefined || row.subject === device)
}

/** @throws UsageError for a text that names no moment */
function moment(option: string, text: string | boolean | undefined, timezone: string): number | undefined {
  if (typeof text !== 'string') return undefined
  const [, year, month, day, clock = '00:00', seconds = ':00'] =
    /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d)(:\d\d)?)?$/.exec(text) ?? []
  // A local time is counted from its midnight: the hour of a change of summer time is not worth more.
  const local =
    year &&
    startOfDay(Number(year), Number(month), Number(day), timezone) +
      Date.parse(`1970-01-01T${clock}${seconds}Z`)
  const at = local || Date.parse(text)
  if (Number.isNaN(at))
    throw new UsageError(`--${option} must be a time such as 2026-01-31T08:00, not «${text}»`)
  return at
}

async function exportRows(pages: AsyncIterable<AuditRow[]>, isWanted: Choice): Promise<number> {
  for await (const rows of pages)
    for (const row of rows) if (isWanted(row)) process.stdout.write(`${JSON.stringify(row)}\n`)
  return 0
}

function tell(verdict: AuditVerdict): number {
  process.stdout.write(
    verdict.intact
      ? `the audit chain is whole: ${verdict.count} entries\n`
      : `the audit chain is broken at entry ${verdict.seq}: ${verdict.why}\n`,
  )
  return verdict.intact ? 0 : 2
}
