import type { PushType } from './types.ts'

/** One API call as it came, in the order of arrival. `acted` fills in later. */
export interface CallRecord {
  seq: number
  /** Simulator clock, ms. */
  at: number
  via: 'http' | 'mqtt'
  /** As claimed in the path; empty when missing. */
  appId: string
  /** `device/control`, `device/info` … */
  path: string
  /** Query and body put together, without sign, ts and debug. */
  params: Record<string, unknown>
  /** What checking it gave; `login` on MQTT, where the connection stands for it. */
  signature: 'valid' | 'invalid' | 'stale' | 'missing' | 'debug' | 'login'
  /** As claimed; `ts` in seconds. */
  ts?: number
  sign?: string
  /** Ids named by `device`. */
  devices: string[]
  /** `device/control` only. */
  order?: Record<string, unknown>
  extra?: string
  /** `accepted`: code 200. `lost`: a fault hit it before anything was done. */
  outcome: 'accepted' | 'refused' | 'lost'
  code: number
  msg: string
  /** The fault that hit it. */
  fault?: CallFault['kind']
  /** Ids of the devices that have carried the order out. */
  acted: string[]
}

export interface PushRecord {
  seq: number
  appId: string
  type: PushType
  device: string
  /** As sent (text of the request or of the MQTT message). */
  body: string
  /** Simulator clock, ms, when it was posted. */
  at: number
  /** HTTP status, where one came. */
  status?: number
  /** Real ms until the answer or the time-out. */
  duration: number
  /**
   * `pending`; `delivered` status 200 or taken by the broker; `refused` another status;
   * `dropped` unreachable, timed out, lost by a fault, or nobody to send it to. Never repeated.
   */
  outcome: 'pending' | 'delivered' | 'refused' | 'dropped'
}

/** What may go wrong with an API call. `act` says whether the command is carried out all the same; default false. */
export type CallFault =
  /** Acts at once, answers after so many ms (of `tick` or real time). */
  | { kind: 'slow'; ms: number }
  /** Never answers. */
  | { kind: 'hang'; act?: boolean }
  /** Cuts the connection. */
  | { kind: 'reset'; act?: boolean }
  /** Such an HTTP status with an HTML page. */
  | { kind: 'status'; status: number; act?: boolean }
  /** HTML with status 200. */
  | { kind: 'html'; act?: boolean }
  /** Half a JSON text with status 200. */
  | { kind: 'garbage'; act?: boolean }
  /** The envelope with such a code. */
  | { kind: 'code'; code: number; msg?: string; act?: boolean }

export type PushFault =
  | { kind: 'lose' }
  /** Sent so many times; default 2. */
  | { kind: 'duplicate'; times?: number }
  /** Sent so many ms (of `tick` or real time) later; later pushes overtake it. */
  | { kind: 'slow'; ms: number }
