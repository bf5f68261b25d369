/** How long things are kept, ms. What is older is dropped within about an hour. */
export interface Keep {
  /** Ids of finished and cancelled jobs that do not say how long they are to be remembered. Default 7 days. */
  finishedJobs: number
  /** Jobs that were given up. Default 30 days. */
  deadJobs: number
  /** Audit entries; what is left stays verifiable, from `Store.auditStart` on. Default 2 years. */
  audit: number
  /** Samples as they were measured; then their minutes are left. Default 7 days. */
  raw: number
  /** The summaries of their minutes, counted from when they were measured. Default 90 days. */
  minutes: number
  /** The summaries of their hours, counted in the same way, to the day. Default 2 years. */
  hours: number
  /**
   * State by kind: of those written with an index that is not open, what lies further back than this. Anything open
   * or without index, and any kind not named, is kept for good.
   * Default: `bind-code`, `sign-in`, `session` and `deed` 1 day; `unreadable` and `push` 30 days; `incident`, `alarm`,
   * `run`, `storm`, `card`, `message` and `quota` 2 years.
   */
  documents: Record<string, number>
}

const DAY = 24 * 3_600_000
const TWO_YEARS = 2 * 365 * DAY

const DEFAULTS: Keep = {
  finishedJobs: 7 * DAY,
  deadJobs: 30 * DAY,
  audit: TWO_YEARS,
  raw: 7 * DAY,
  minutes: 90 * DAY,
  hours: TWO_YEARS,
  documents: {
    'bind-code': DAY,
    'sign-in': DAY,
    session: DAY,
    deed: DAY,
    unreadable: 30 * DAY,
    push: 30 * DAY,
    incident: TWO_YEARS,
    alarm: TWO_YEARS,
    run: TWO_YEARS,
    storm: TWO_YEARS,
    card: TWO_YEARS,
    message: TWO_YEARS,
    quota: TWO_YEARS,
  },
}

/** How long everything is kept, with the defaults where nothing else is asked for. */
export function completeKeep(keep: Partial<Keep> = {}): Keep {
  return { ...DEFAULTS, ...keep, documents: { ...DEFAULTS.documents, ...keep.documents } }
}
