import type { DrawKind, DrawRules } from './abnormal/rules.ts'
import type { Locale } from './card-text.ts'
import type { Cover, Duty, WeeklyTime } from './duty.ts'
import type { Escalations } from './escalation.ts'
import type { OfflineRules } from './offline.ts'
import type { ChannelName, Person } from './people.ts'
import type { Cause } from './report.ts'
import type { ReportRule } from './report-schedule.ts'
import type { Severity, SeverityRules } from './severity.ts'
import type { Tariff } from './tariff.ts'
import type { Window } from './window.ts'

/** One conversation on one platform. */
export interface ChatRef {
  channel: ChannelName
  chat: string
}

/** The same team's chats on all platforms, kept in step. */
export interface Room {
  name: string
  locale: Locale
  chats: ChatRef[]
  /** Absent: the sites' own. */
  timezone?: string
}

/** A breaker as configured. */
export interface BreakerConfig {
  /** Thingboot device id. */
  id: string
  name: string
  site: string
  room: string
  /** A. Absent: not known, and then no reading is called near the rating. */
  ratedCurrent?: number
  /** Circuit keys with the name people use; a breaker of one circuit has `power` with an empty name. */
  circuits: Record<string, string>
  groups: string[]
  /** ms between two reports; 0: it reports changes only. Absent: learned from what it does. */
  reportEvery?: number
  /** False for a model whose lever cannot be engaged from afar. */
  remoteClose: boolean
  /** V. Absent: 220. */
  nominalVoltage?: number
  /** Absent: 1. Of three, voltage × current is not the apparent power. */
  phases?: 1 | 3
  /** ms between two questions for its counter. Absent: it is not asked. */
  queryEvery?: number
  /** Of its incidents, whatever their cause. Absent: by cause. */
  severity?: Severity
  /** What its energy costs. Absent: not known. */
  tariff?: Tariff
  /** Absent: nothing closes by itself. */
  autoReclose?: AutoReclose
  /** What is not looked for in its draw. */
  unwatched?: readonly DrawKind[]
}

/** What of a breaker's faults may be closed without a person. */
export interface AutoReclose {
  causes: Cause[]
  /** From the trip to the first close, and to each further one, ms. */
  deadTime: number
  /** Closes in a row; the next trip after the last of them locks out. */
  shots: number
  /** For so long after a close another trip counts as the same fault, ms. */
  reclaim: number
  /** Automatic closes in any 24 h. */
  perDay: number
}

/** What the closing gate measures by. Times in ms. */
export interface ClosingLimits {
  /** After an overload, and after an over-temperature. */
  coolDown: number
  coolDownHot: number
  /** Between two closes of one circuit. */
  betweenCloses: number
  /** Closes of one circuit in any hour, and in any 24 h. */
  perHour: number
  perDay: number
  /** How old what the cloud says may be when a close leaves. */
  fresh: number
  /** Per cent above and below the nominal voltage. */
  voltageWithin: number
  /** For so long the voltage must have been well before the automat closes after a voltage fault. */
  voltageStable: number
  /** Between two closes at one site: motors start with many times their current. */
  inrush: number
  /** For so long after a person's close another trip counts as the same fault. */
  reclaim: number
}

/** When incidents open so fast that they share a card. */
export interface StormRules {
  /** So many of one site within {@link within} have cards of their own, and twice as many of one room; 0: all have. */
  more: number
  /** ms. */
  within: number
}

/** What the configuration says, in the form that decisions use. Another takes its place as a whole. */
export interface Policy {
  locale: Locale
  /** IANA name of the sites' time zone. */
  timezone: string
  /** False: alerting only; no command ever leaves. */
  actuation: boolean
  rooms: Room[]
  people: Person[]
  /** Programs that have a token for the API. */
  programs?: Person[]
  breakers: BreakerConfig[]
  /** Whose turn it is in which room; there may be several at a time. */
  duty?: Duty[]
  /** Who is told when nobody acknowledges. Absent: nothing escalates. */
  escalations?: Escalations
  closing: ClosingLimits
  /** ms within which a close must be confirmed. */
  confirmWithin: number
  /** ms after which a command that the breaker has not reported is looked up, then called not confirmed. */
  feedbackWithin: number
  /** ms between two closes of a group, so that their inrush does not come at once. */
  groupCloseEvery: number
  storm: StormRules
  /** Absent: the usual ones. */
  severity?: SeverityRules
  /** Quiet hours, maintenance and mutes, as configured and as set in chats. */
  windows?: Window[]
  /** Who takes over for whom, as said in chats. */
  covers?: Cover[]
  /** A drill each week, in these rooms or in all. */
  drill?: { every: WeeklyTime; rooms?: string[] }
  /** Absent: the usual ones. */
  offline?: OfflineRules
  /** What of a draw is abnormal. Absent: the usual ones. */
  draw?: DrawRules
  /** True: a picture of the load before a trip follows its card. */
  tripPictures?: boolean
  /** False: charts are sent as text. */
  pictures?: boolean
  /** What rooms are told of their energy, and when. */
  reports?: ReportRule[]
}

/** «3号增氧机», or «双泵箱 右泵» for one circuit of several. */
export function circuitTitle(breaker: BreakerConfig, circuit: string): string {
  const name = breaker.circuits[circuit] ?? circuit
  return name ? `${breaker.name} ${name}` : breaker.name
}
