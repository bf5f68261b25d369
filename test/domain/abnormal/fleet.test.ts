import { expect, test } from 'vitest'
import { fleet, score } from '../../../bench/abnormal/score.ts'

test('of a small fleet with known faults, so many are found, and so many alarms are right', () => {
  const of = (faults: number, besides = 0) => ({
    faults,
    found: faults,
    alarms: faults,
    right: faults,
    besides,
  })
  // Eight machines over nine weeks: all of them, and no false alarm.
  expect(score(fleet(7, 1, 63))).toEqual({
    unusual: of(6, 1),
    standby: of(2),
    stopped: of(2),
    trend: of(0),
    voltage: of(4),
    'near-rating': of(1),
    all: of(15, 1),
  })
}, 120_000)
