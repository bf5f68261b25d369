import { CLOUD } from './faults/cloud.ts'
import { DING_TALK } from './faults/dingtalk.ts'
import type { FaultKind, Side } from './faults/kind.ts'
import { TELEGRAM } from './faults/telegram.ts'
import { WE_COM } from './faults/wecom.ts'

/** All that may go wrong, by whose end it goes wrong at. */
export const FAULTS: Record<Side, readonly FaultKind[]> = {
  telegram: TELEGRAM,
  dingtalk: DING_TALK,
  wecom: WE_COM,
  cloud: CLOUD,
}
