import type { ChannelName } from '../channels/channel.ts'
import type { Alarm } from '../domain/alarm.ts'
import type { CommandName } from '../domain/command.ts'
import type { ControlWord } from '../domain/control.ts'
import type { AlarmAsk } from '../domain/decide-alarm.ts'
import type { AskAction } from '../domain/event.ts'
import type { GroupRun } from '../domain/group-run.ts'
import type { Message } from '../domain/message.ts'
import type { Person } from '../domain/people.ts'
import type { BreakerConfig, ChatRef, Room } from '../domain/policy.ts'
import type { Position } from '../domain/report.ts'
import type { ReportEvery } from '../domain/report-schedule.ts'
import type { Storm } from '../domain/storm.ts'
import type { MessageRecord } from './cards.ts'
import type { EnergyWish } from './energy-answer.ts'

/** What a typed line asks for, once it is known who wrote it where. */
export type Typed =
  | { kind: 'silence' }
  | { kind: 'say'; lines: Message[] }
  | {
      kind: 'ask'
      action: AskAction
      breaker: BreakerConfig
      circuit?: string
      subject?: string
      reason?: string
      /** Of a hand-over: whom to. */
      to?: string
    }
  | { kind: 'energy'; wish: EnergyWish }
  | { kind: 'export'; wish: EnergyWish }
  | { kind: 'status'; breakers: BreakerConfig[]; onlyTroubled: boolean }
  | { kind: 'list'; breakers: BreakerConfig[] }
  | { kind: 'group'; to: Position; place: string; breakers: BreakerConfig[] }
  | { kind: 'run'; action: 'confirm' | 'cancel'; run: string }
  | { kind: 'storm'; storm: string }
  | ({ kind: 'alarm'; alarm: string } & Pick<AlarmAsk, 'action' | 'to' | 'lasts'>)
  /** What it draws is watched as before. */
  | { kind: 'watch-draw'; breaker: BreakerConfig }
  | { kind: 'control'; word: ControlWord }
  | { kind: 'history'; rest: string }
  | { kind: 'bind'; code: string }
  /** What is bound to a name, or without one to this chat. */
  | { kind: 'unbind'; name: string }
  | { kind: 'oncall' }
  /** A link for signing in to the console; or its sessions are ended, one's own or those of `name`. */
  | { kind: 'console' }
  | { kind: 'console-off'; name: string }
  /** Something that holds for a time: a mute, maintenance, quiet hours, who is on duty. */
  | { kind: 'arrange'; command: CommandName; rest: string; addressed: boolean }
  /** Who would be told of an alarm of it, and when. */
  | { kind: 'plan'; breaker: BreakerConfig }
  | { kind: 'drill'; breaker?: BreakerConfig }
  /** What the room used in a period, which `rest` names. */
  | { kind: 'report'; every: ReportEvery; rest: string; addressed: boolean }

/** Where a line was written, and what may be spoken of there. */
export interface Place {
  channel: ChannelName
  chat: ChatRef
  room: Room | undefined
  person: Person | undefined
  /** The breakers that this chat may name: its room's, or all of them one-to-one with a listed person. */
  breakers: BreakerConfig[]
  /** What the card is about that the line answers. */
  answered: MessageRecord | undefined
  /** Breakers of this chat with an open incident or an operation waiting to be confirmed, for lines that name none. */
  pending: (action: AskAction) => Promise<BreakerConfig[]>
  /** Group runs that stand in this chat, newest first. */
  runs: () => Promise<GroupRun[]>
  /** The names of all who are listed. */
  people: string[]
  /** Alarms of this room that are no breaker's and have not ended. */
  alarms: () => Promise<Alarm[]>
  /** Storms of this room that have not passed, newest first. */
  storms: () => Promise<Storm[]>
  language: 'zh' | 'en'
}
