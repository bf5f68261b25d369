import type { SimClock } from '../kit/clock.ts'
import type { FaultScript } from '../kit/faults.ts'

export interface AliyunVoiceSimOptions {
  /** Port on 127.0.0.1; 0 (the default) takes a free one. */
  port?: number
  clock?: SimClock
  /** The account's keys: secret by id. */
  keys: Readonly<Record<string, string>>
  /** The account's approved templates: the variables by the code. */
  templates: Readonly<Record<string, readonly string[]>>
  /** The account's own caller numbers. */
  numbers?: readonly string[]
  limits?: Partial<CallLimits>
}

/** How often one number may be called. Documented: 1 a minute, 5 an hour, 20 in 24 hours; a refused one counts not. */
export interface CallLimits {
  perMinute: number
  perHour: number
  perDay: number
}

/** A call that was taken. */
export interface SimCall {
  id: string
  at: number
  number: string
  showNumber?: string
  template: string
  params: Record<string, string>
  outId?: string
}

/** A request before it is looked at. */
export interface VoiceRequest {
  method: string
  params: Readonly<Record<string, string>>
}

/**
 * What goes wrong with a request. With `done` the call is made all the same and only the answer fails. `drip`: a byte
 * of the answer each so many ms, without end.
 */
export type VoiceFault =
  | { answer: { status: number; body: unknown; contentType?: string }; done?: boolean }
  | { reset: 'before' | 'body'; done?: boolean }
  | { hang: true; done?: boolean }
  | { drip: number; done?: boolean }

export interface AliyunVoiceSim {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly clock: SimClock
  readonly faults: FaultScript<VoiceRequest, VoiceFault>
  readonly calls: readonly SimCall[]
  /** Everything that came, in order. */
  readonly requests: readonly VoiceRequest[]
  /** Connections that are open. */
  connections(): number
  close(): Promise<void>
}
