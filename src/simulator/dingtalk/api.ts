import type { SimClock } from '../kit/clock.ts'
import type { FaultScript } from '../kit/faults.ts'
import type { Behaviour } from './behaviour.ts'
import type { DingTalkCall, DingTalkFault } from './faults.ts'
import type { Counters, LogEntry, PressOutcome, SimDing } from './observations.ts'
import type { AppSeed, ChatRef, CustomRobotSeed, GroupSeed, TemplateSeed, UserSeed } from './seeds.ts'

export type * from './observations.ts'
export type * from './seeds.ts'

export interface DingTalkSimOptions {
  /** Port on 127.0.0.1; 0 (the default) takes a free one. */
  port?: number
  clock?: SimClock
  /** For the random choice among several live sockets of one app. Default 1. */
  seed?: number
  /** Id of the simulated organisation. Default `dingcorp0001`. */
  corpId?: string
  /** What is not settled, or may be switched; see {@link Behaviour} for the defaults. */
  behaviour?: Partial<Behaviour>
}

/** A message as a member of the chat sees it, in order. */
export type ChatMessage =
  | { kind: 'user'; id: string; at: number; user: string; text: string }
  | {
      kind: 'robot'
      id: string
      at: number
      via: 'sessionWebhook' | 'robot' | 'custom robot'
      /** `text`, `markdown`, `actionCard`, `sampleMarkdown`… */
      type: string
      content: Record<string, unknown>
      /** Everything readable of it in one string. */
      text: string
      recalled: boolean
    }
  | { kind: 'card'; id: string; at: number; outTrackId: string }

export interface CardButton {
  id: string
  text: string
  color?: string
  /** It calls back when pressed; otherwise it is a link. */
  request: boolean
  url?: string
  params: Record<string, unknown>
}

export interface SimCard {
  outTrackId: string
  templateId: string
  clientId: string
  callbackType: 'STREAM' | 'HTTP' | undefined
  /** Conversation ids and `user:<id>` that it was delivered to. */
  spaces: string[]
  publicData: Record<string, string>
  privateData: Record<string, Record<string, string>>
  /** Every state that it has had, oldest first, the present one included. */
  history: { at: number; by: 'create' | 'put' | 'ack'; publicData: Record<string, string> }[]
}

export interface CardView {
  /** Public variables, overlaid by the user's private ones and by the members of `sys_full_json_obj`. */
  variables: Record<string, unknown>
  buttons: CardButton[]
}

export interface Press {
  outcome: Promise<PressOutcome>
}

/** What the callback carries, beyond what {@link Behaviour} says of all presses. */
export type PressOptions = Partial<
  Pick<Behaviour, 'pressAction' | 'pressContent' | 'pressSpaceType' | 'pressWithSpace' | 'pressWithValue'>
>

/** A callback that no button on the card stands for: forged, from an old view, by a stranger, on an unknown card. */
export interface ForgedPress extends PressOptions {
  /** Whose socket gets it. Default: the app that sent the card. */
  clientId?: string
  user: string
  outTrackId: string
  actionId: string
  params?: Record<string, unknown>
  /** Default: the card's first space. */
  spaceId?: string
}

export interface SayOptions {
  /** With @ of the robot; without it nothing is delivered in a group. Default false. */
  at?: boolean
  /** Which robot. Default: the first of the group, or the first app. */
  clientId?: string
  msgtype?: 'text' | 'richText' | 'picture'
}

/** A live WebSocket of an app. */
export interface SimSocket {
  readonly id: string
  readonly clientId: string
  readonly openedAt: number
  readonly topics: readonly string[]
  readonly state: 'open' | 'going away' | 'zombie'
  /** Sends the SYSTEM disconnect frame: nothing is delivered to it any more, and it closes some seconds later. */
  disconnect(reason?: string): void
  /** From now on it is silent: no frame, no pong, what comes is ignored; it stays open. */
  zombie(): void
  /** Sends text as it is: not JSON, an unknown type, an unknown topic. */
  sendRaw(text: string): void
  /** Sends SYSTEM ping and resolves with whether the echo came and was right. */
  ping(): Promise<boolean>
  /** Abrupt TCP reset. */
  reset(): void
}

export interface DingTalkSim {
  /** `http://127.0.0.1:<port>`: serves as apiBase and as oapiBase. */
  readonly url: string
  readonly clock: SimClock
  /** May be changed at any time. */
  readonly behaviour: Behaviour
  /** Faults for requests and, as `GET /connect`, for WebSocket handshakes. */
  readonly faults: FaultScript<DingTalkCall, DingTalkFault>
  readonly calls: readonly LogEntry[]
  readonly counters: Counters
  /** Broken rules that have no answer of their own: a PUT before the ACK of a press, a wrong echo, an ACK of nothing… */
  readonly violations: readonly string[]
  /** All sockets that are not closed. */
  readonly sockets: readonly SimSocket[]
  /** Every secret known so far (client secrets, tokens, tickets, sessions): none may appear in what a service prints. */
  readonly secrets: readonly string[]

  readonly users: readonly UserSeed[]
  readonly groups: readonly GroupSeed[]
  addApp(app: AppSeed): void
  addUser(user: UserSeed): void
  addGroup(group: GroupSeed): void
  /** Takes the robot out of the group. */
  removeRobot(conversationId: string, clientId: string): void
  dissolveGroup(conversationId: string): void
  addCustomRobot(robot: CustomRobotSeed): void
  addTemplate(template: TemplateSeed): void

  /** A user writes. Resolves with the `msgId`, or undefined where the robot does not get it (no @ in a group). */
  say(chat: ChatRef, user: string, text: string, options?: SayOptions): string | undefined
  /** Delivers a message again, acknowledged or not: under a new messageId, with the same `msgId`. */
  redeliver(msgId: string): void
  /** A user clicks the n-th (from 0) `dtmd://…sendMessage` link of a robot's message. Throws if there is none. */
  clickDtmd(user: string, messageId: string, n?: number): string | undefined
  /** The DINGs that were taken, oldest first. */
  readonly dings: readonly SimDing[]
  /** The messages of a chat, oldest first. */
  messages(chat: ChatRef): readonly ChatMessage[]
  /** What was uploaded, by the media id that a message names. */
  media(id: string): Uint8Array | undefined
  card(outTrackId: string): SimCard | undefined
  /** The cards of a chat, oldest first. */
  cards(chat: ChatRef): readonly SimCard[]
  /** What the user sees. Throws for an unknown card. */
  view(outTrackId: string, user: string): CardView
  /** Presses a button that the user now sees and that has `request: true`; throws otherwise. */
  click(user: string, outTrackId: string, buttonId: string, options?: PressOptions): Press
  forgePress(press: ForgedPress): Press
  /** Pushes an EVENT frame to a subscriber; again when un-ACKed or answered LATER. */
  sendEvent(clientId: string, eventType: string, data: Record<string, unknown>): void
  /** Makes all access tokens invalid. */
  expireTokens(): void
  close(): Promise<void>
}
