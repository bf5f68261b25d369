import type { KnownCause } from '../domain/report.ts'

/**
 * Words that breakers use for the causes of a trip. Thingboot's own are not public; these are the plain English and
 * Chinese ones and those of the largest maker's breaker category (Tuya «dlq», documented). Only words that plainly
 * mean one cause stand here: its `surge`, `high_power`, `temp_dif`, `unbalance` and the like stay unknown on purpose.
 */
export const CAUSE_WORDS: Readonly<Record<KnownCause, readonly string[]>> = {
  overload: ['overload', 'overloaded', 'over current', 'ov_cr', '过载', '过流', '过电流', '过负荷'],
  'short-circuit': ['short circuit', 'short', 'short circuited', '短路'],
  leakage: [
    'leakage',
    'leak',
    'leakage current',
    'leakagecurr',
    'earth leakage',
    'residual',
    'residual current',
    'earth fault',
    'ground fault',
    '漏电',
    '漏电流',
    '剩余电流',
  ],
  'over-temperature': [
    'over temperature',
    'over temp',
    'overheat',
    'overheated',
    'overheating',
    'high temperature',
    'high temp',
    '过温',
    '高温',
    '超温',
    '过热',
  ],
  'over-voltage': ['over voltage', 'over volt', 'ov_vol', 'high voltage', '过压', '过电压'],
  'under-voltage': ['under voltage', 'under volt', 'low voltage', '欠压', '欠电压'],
  'phase-loss': [
    'phase loss',
    'phase lost',
    'loss of phase',
    'phase failure',
    'miss phase',
    'missing phase',
    '缺相',
    '断相',
  ],
}

/** Event names by who moved the contacts. Our choice: only `btn`, `boot`, `online` and `offline` are documented or seen. */
export const MOVER_WORDS: Readonly<Record<'trip' | 'hand', readonly string[]>> = {
  trip: ['trip', 'tripped', 'fault', 'alarm', 'protect', 'protection', '跳闸', '脱扣'],
  hand: ['btn', 'button', 'key', 'manual', 'hand', 'touch', '手动', '按键', '按钮'],
}

/** Words in a fault field that mean «no fault». */
export const NO_FAULT_WORDS = [
  '',
  '0',
  'none',
  'normal',
  'ok',
  'false',
  'null',
  '无',
  '正常',
  '无故障',
] as const

/** Fields of an answer to `query: total` that hold the counter. What the answer looks like is not documented (inferred). */
export const QUERY_ANSWERS = { energy: ['total', 'energy'] } as const
