import type { ChannelHealth, ChannelName } from '../channels/channel.ts'
import type { Severity } from '../domain/severity.ts'
import type { BudgetLeft } from './budget-left.ts'
import { isConnected } from './connected.ts'
import type { Measures } from './measures.ts'

type Channels = ReadonlyMap<ChannelName, { health(): ChannelHealth }>

/** Where the measures look when they are asked for. */
export interface Sources {
  channels: Channels
  /** The fleet as it was last counted; undefined until it was. */
  census(): Census | undefined
  /** When the last push came here, ms since 1970. */
  pushedAt(): number | undefined
}

/** How the fleet stands, in numbers. */
export interface Census {
  /** When it was counted, ms since 1970. */
  at: number
  breakers: Record<BreakerStanding, number>
  /** Open faults; `oldest`: since when the oldest is open that nobody has acknowledged, ms since 1970. */
  incidents: Record<Severity, { open: number; oldest: number | undefined }>
  /** Open alarms that are no breaker's fault, by kind. */
  alarms: Record<string, number>
}

/** Each breaker is one of these: of several that hold, the first counts. */
export const STANDINGS = ['unknown', 'offline', 'silent', 'tripped', 'open', 'closed'] as const
export type BreakerStanding = (typeof STANDINGS)[number]

/** Measures of how things stand. Those that are gauges are set by whoever knows, when they are asked for. */
export function createStanding(measures: Measures, budgets: { least(): Iterable<BudgetLeft> }) {
  let sources: Partial<Sources> = {}
  showConnections(measures, () => sources.channels ?? new Map())
  showFleet(measures, () => sources.census?.())
  showPushes(measures, () => sources.pushedAt?.())
  showBudgets(measures, budgets.least)
  const { gauge } = measures
  return {
    /** Looks there from now on, whenever it is asked for. */
    watch(next: Partial<Sources>): void {
      sources = next
    },
    /** 0: an entry was changed, taken out or put in. */
    auditIntact: gauge('audit_intact', '1 while the audit was whole when it was last checked, once a day'),
    auditChecked: gauge('audit_checked_timestamp_seconds', 'When the audit was last checked, s since 1970'),
    build: gauge('build_info', '1; the version of the service and of Node', ['version', 'node']),
    ready: gauge('ready', '1 while /readyz answers 200'),
    storeUp: gauge('store_up', '1 while the store answers'),
    jobs: gauge('jobs', 'Jobs kept, by queue and state', ['queue', 'state']),
    /** The age of the oldest job that is due, s. */
    oldest: gauge('oldest_job_seconds', 'Age of the oldest due job, by queue', ['queue']),
    unreadable: gauge('unreadable_pushes', 'Pushes kept that could not be read'),
    spooled: gauge('spooled_pushes', 'Pushes that lie in the spool until the store is back'),
    clock: gauge('clock_ahead_seconds', 'How far this machine’s clock is ahead of the cloud’s'),
    /** Where the store or the spool lies, bytes. */
    diskFree: gauge('disk_free_bytes', 'Room left on the disk of what is kept in a file', ['of']),
  }
}

/** The connections as they stand when the measures are asked for. */
function showConnections({ standing, standingCount }: Measures, channels: () => Channels): void {
  standing(
    'channel_up',
    '1 while the chat platform is connected, here or at another instance',
    ['channel'],
    (gauge) => {
      for (const [channel, { health }] of channels()) gauge.set({ channel }, isConnected(health()) ? 1 : 0)
    },
  )
  standingCount(
    'channel_connects_total',
    'How often a connection has become ready here',
    ['channel'],
    (counter) => {
      for (const [channel, { health }] of channels()) counter.inc({ channel }, health().connects ?? 0)
    },
  )
}

function showFleet({ standing }: Measures, census: () => Census | undefined): void {
  standing('breakers', 'Breakers by state', ['state'], (gauge) => {
    for (const [state, count] of Object.entries(census()?.breakers ?? {})) gauge.set({ state }, count)
  })
  standing(
    'open_incidents',
    'Faults of circuits that are not resolved, by severity',
    ['severity'],
    (gauge) => {
      for (const [severity, { open }] of Object.entries(census()?.incidents ?? {}))
        gauge.set({ severity }, open)
    },
  )
  standing('open_alarms', 'Other alarms that have not ended, by kind', ['kind'], (gauge) => {
    for (const [kind, count] of Object.entries(census()?.alarms ?? {})) gauge.set({ kind }, count)
  })
  standing(
    'unacknowledged_seconds',
    'Age of the oldest fault that nobody has acknowledged, by severity; 0: there is none',
    ['severity'],
    (gauge) => {
      const { at, incidents } = census() ?? { at: 0, incidents: {} as Census['incidents'] }
      for (const [severity, { oldest }] of Object.entries(incidents))
        gauge.set({ severity }, oldest === undefined ? 0 : Math.max(0, at - oldest) / 1000)
    },
  )
}

function showPushes({ standing }: Measures, pushedAt: () => number | undefined): void {
  standing(
    'last_push_timestamp_seconds',
    'When the last push came here, s since 1970; absent before the first',
    [],
    (gauge) => {
      const at = pushedAt()
      if (at === undefined) gauge.remove()
      else gauge.set(at / 1000)
    },
  )
}

function showBudgets({ standing }: Measures, budgets: () => Iterable<BudgetLeft>): void {
  standing(
    'send_budget_left_ratio',
    'Share left of what a platform takes in so many seconds, of its bot or of the fullest chat',
    ['channel', 'scope', 'within'],
    (gauge) => {
      for (const { channel, scope, within, left } of budgets())
        gauge.set({ channel, scope, within: String(within / 1000) }, left)
    },
  )
}

export type Standing = ReturnType<typeof createStanding>
