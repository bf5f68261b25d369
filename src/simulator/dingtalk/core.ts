import type { SimClock } from '../kit/clock.ts'
import type { FaultScript } from '../kit/faults.ts'
import type { Timers } from '../kit/timers.ts'
import type { Behaviour } from './behaviour.ts'
import type { DingTalkCall, DingTalkFault } from './faults.ts'
import type { SimDing } from './observations.ts'
import type { Quota } from './quota.ts'
import type { SimRecord } from './record.ts'
import type { Tokens } from './tokens.ts'
import type { World } from './world.ts'

/** A file that an app has uploaded. */
export interface Media {
  clientId: string
  type: string
  name: string
  bytes: Buffer
  /** ms since 1970. */
  until: number
}

/** What every part of the simulator works with. */
export interface Core {
  clock: SimClock
  timers: Timers
  behaviour: Behaviour
  faults: FaultScript<DingTalkCall, DingTalkFault>
  record: SimRecord
  world: World
  quota: Quota
  tokens: Tokens
  corpId: string
  /** What was uploaded, by media id. */
  media: Map<string, Media>
  /** The DINGs that were taken, oldest first. */
  dings: SimDing[]
  /** `http://127.0.0.1:<port>`, once it listens. */
  url(): string
}
