/** What is measured: V, A, W, VA. */
export interface Values {
  voltage?: number
  current?: number
  power?: number
  apparent?: number
}

/** Measured values of one breaker at one time, and its counter, kWh. */
export interface Sample extends Values {
  device: string
  at: number
  energy?: number
}

/**
 * A sample as it is read back. Old ones are rolled up: first those of a minute, later those of an hour
 * (`Keep`). What is left of each such span reads as two samples at most:
 * - one at its first counter reading: `at` and `energy` only,
 * - one at its last counter reading (of a span without any: at its last sample) with the means of the span, to a
 *   thousandth, and {@link KeptSample.rollup}.
 * So a counter reading is never told of another time than its own, and the counter at the end of a minute (an hour)
 * stays known exactly.
 */
export interface KeptSample extends Sample {
  /** How many samples the span held from `from` on, for `span` ms, and what their values lay between. */
  rollup?: { from: number; span: number; count: number; min: Values; max: Values }
}
