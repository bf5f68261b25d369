import { createFaultScript, type FaultScript } from '../kit/faults.ts'
import type { JsonObject } from '../kit/json.ts'

export interface ClientFrame {
  cmd: string
  reqId: string
  body: JsonObject
  botId: string | undefined
}

/**
 * Which frames a fault hits: by default the next one of any command but `ping` and `aibot_subscribe`. A call of a group
 * robot counts as a frame with the cmd `webhook/send`, and is hit only where that is named.
 */
export interface FrameMatch {
  cmd?: string
  when?: (frame: ClientFrame) => boolean
  /** How many matching frames pass unharmed first; default 0. */
  after?: number
  /** Default 1; Infinity for «until taken back». */
  times?: number
}

/** Things that go wrong. Those that wait for something to hit return the way to take them back. */
export interface WeComFaults {
  /** Answers with this code and does nothing. */
  failNext(fault: FrameMatch & { errcode: number; errmsg?: string }): () => void
  /** Does the work at once, answers so many ms later. */
  delayAck(ms: number, match?: FrameMatch): () => void
  /** Does the work, never answers. */
  dropAck(match?: FrameMatch): () => void
  /** Neither does the work nor answers. */
  swallow(match?: FrameMatch): () => void
  /** Answers 0, but nobody ever sees the message. */
  ackThenLose(match?: FrameMatch): () => void
  /** Holds back answers until there are `count`, then sends them in reverse order. */
  reorderAcks(count: number, match?: Omit<FrameMatch, 'times'>): () => void
  /** Never answers `aibot_subscribe`. */
  muteAuth(times?: number): () => void
  /** Never answers `ping`. */
  mutePings(times?: number): () => void
  /** Answers the upgrade with this HTTP status; default once. */
  refuseUpgrade(status: number, times?: number): () => void
  /** Leaves the upgrade without any answer; default once. */
  hangUpgrade(times?: number): () => void
  /** Sends the next callback so many more times, the same frame. */
  duplicateNextCallback(more: number): () => void
  /** Dates the next callback's `create_time` back by so many seconds; the 5 s still run from the push. */
  staleCallback(ageS: number): () => void
  /** Ends all open connections: with a close frame if a code is given, else abruptly (1006). */
  drop(code?: number): void
  /** Kicks the bot's connection as if another client had subscribed. `delay` until it is closed. */
  kick(options?: { delay?: number; bot?: string }): void
  /** Sends this text to all subscribed connections. */
  sendRaw(text: string): void
  /** Pushes a command that no documentation knows. */
  unknownCmd(): void
  /** Pushes an event of a type that no documentation knows. */
  unknownEvent(): void
  /** Takes back everything that waits. */
  clear(): void
}

/** What happens to a client's frame. */
export type FrameEffect =
  | { kind: 'fail'; errcode: number; errmsg: string }
  | { kind: 'delay'; ms: number }
  | { kind: 'hold'; count: number; held: (() => void)[] }
  | { kind: 'drop' | 'swallow' | 'lose' }

export type UpgradeEffect = { kind: 'refuse'; status: number } | { kind: 'hang' }

export interface CallbackEffect {
  /** How many times more the frame is pushed. */
  more: number
  /** By how many seconds `create_time` is dated back. */
  ageS: number
}

export interface FaultState {
  frames: FaultScript<ClientFrame, FrameEffect>
  upgrades: FaultScript<string, UpgradeEffect>
  callbacks: FaultScript<string, CallbackEffect>
}

export function createFaults(): FaultState {
  return { frames: createFaultScript(), upgrades: createFaultScript(), callbacks: createFaultScript() }
}

/** The faults that wait for something to hit. Those that strike at once belong to the connections. */
export type WaitingFaults = Omit<WeComFaults, 'drop' | 'kick' | 'sendRaw' | 'unknownCmd' | 'unknownEvent'>

export const ROBOT_CMD = 'webhook/send'
const BY_NAME_ONLY = ['aibot_subscribe', 'ping', ROBOT_CMD]

export function createWaitingFaults(state: FaultState): WaitingFaults {
  const onFrames = (effect: FrameEffect, match: FrameMatch = {}) =>
    state.frames.add({
      when: (frame) => matches(frame, match),
      after: match.after ?? 0,
      times: match.times ?? 1,
      effect,
    })
  return {
    failNext: ({ errcode, errmsg = 'scripted failure', ...match }) =>
      onFrames({ kind: 'fail', errcode, errmsg }, match),
    delayAck: (ms, match) => onFrames({ kind: 'delay', ms }, match),
    dropAck: (match) => onFrames({ kind: 'drop' }, match),
    swallow: (match) => onFrames({ kind: 'swallow' }, match),
    ackThenLose: (match) => onFrames({ kind: 'lose' }, match),
    reorderAcks: (count, match) => onFrames({ kind: 'hold', count, held: [] }, { ...match, times: count }),
    muteAuth: (times = Infinity) => onFrames({ kind: 'swallow' }, { cmd: 'aibot_subscribe', times }),
    mutePings: (times = Infinity) => onFrames({ kind: 'swallow' }, { cmd: 'ping', times }),
    refuseUpgrade: (status, times = 1) => state.upgrades.add({ times, effect: { kind: 'refuse', status } }),
    hangUpgrade: (times = 1) => state.upgrades.add({ times, effect: { kind: 'hang' } }),
    duplicateNextCallback: (more) => state.callbacks.add({ effect: { more, ageS: 0 } }),
    staleCallback: (ageS) => state.callbacks.add({ effect: { more: 0, ageS } }),
    clear() {
      for (const script of [state.frames, state.upgrades, state.callbacks]) script.clear()
    },
  }
}

function matches(frame: ClientFrame, { cmd, when }: FrameMatch): boolean {
  if (cmd === undefined ? BY_NAME_ONLY.includes(frame.cmd) : cmd !== frame.cmd) return false
  return when?.(frame) ?? true
}
