import type { Finding } from './abnormal/finding.ts'
import type { LineChart } from './chart.ts'
import type { Drill } from './drill.ts'
import type { Escalating } from './escalation.ts'
import type { StoryLine } from './incident.ts'
import type { Message } from './message.ts'
import type { Severity } from './severity.ts'

/** Stands in the place of a breaker's id on the card of an alarm; the configuration takes no such id. */
export const ALARM_CARD = '--'

/**
 * - `drill`: somebody wants to see that alarms arrive.
 * - `breaker-offline`, `site-offline`, `cloud-offline`: no word comes any more.
 * - `no-duty`: nobody would be called.
 * - `draw`: what a breaker draws is abnormal.
 */
export const ALARM_KINDS = [
  'drill',
  'breaker-offline',
  'site-offline',
  'cloud-offline',
  'no-duty',
  'draw',
] as const
export type AlarmKind = (typeof ALARM_KINDS)[number]

/** What people have to answer that is no fault of a circuit. It escalates like an incident, and is owned like one. */
export interface Alarm extends Escalating {
  id: string
  kind: AlarmKind
  room: string
  /** Where it is about one: roles and policies go by it. */
  site?: string
  breaker?: string
  severity: Severity
  openedAt: number
  resolvedAt?: number
  /** Grows with each change that its card shows. */
  version: number
  /** What it says; set anew where it changes. */
  title: Message
  notes: Message[]
  /** A window keeps it from being told of: it has no card. */
  hushed?: true
  /** How it ended. */
  outcome?: Message
  story: StoryLine[]
  /** Of a drill: what it has come to so far. */
  drill?: Drill
  /** Of a draw: what was found, and a picture of it. */
  finding?: Finding
  chart?: LineChart
}

/** What an alarm is to say. */
export type AlarmFacts = Pick<
  Alarm,
  'kind' | 'room' | 'site' | 'breaker' | 'severity' | 'title' | 'notes' | 'finding' | 'chart'
> & {
  /** Who wants a drill: a person's name; absent: the calendar. */
  by?: string
}
