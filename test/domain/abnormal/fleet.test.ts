import { expect, test } from 'vitest'
import { fleet, precision, recall, score } from '../../../bench/abnormal/score.ts'

test('of a small fleet with known faults, so many are found, and so many alarms are right', () => {
  const scores = score(fleet(7, 1, 63))
  expect(scores).toMatchInlineSnapshot(`
    {
      "all": {
        "alarms": 15,
        "besides": 1,
        "faults": 15,
        "found": 15,
        "right": 15,
      },
      "near-rating": {
        "alarms": 1,
        "besides": 0,
        "faults": 1,
        "found": 1,
        "right": 1,
      },
      "standby": {
        "alarms": 2,
        "besides": 0,
        "faults": 2,
        "found": 2,
        "right": 2,
      },
      "stopped": {
        "alarms": 2,
        "besides": 0,
        "faults": 2,
        "found": 2,
        "right": 2,
      },
      "trend": {
        "alarms": 0,
        "besides": 0,
        "faults": 0,
        "found": 0,
        "right": 0,
      },
      "unusual": {
        "alarms": 6,
        "besides": 1,
        "faults": 6,
        "found": 6,
        "right": 6,
      },
      "voltage": {
        "alarms": 4,
        "besides": 0,
        "faults": 4,
        "found": 4,
        "right": 4,
      },
    }
  `)
  expect(precision(scores.all)).toBeGreaterThanOrEqual(0.9)
  expect(recall(scores.all)).toBeGreaterThanOrEqual(0.9)
}, 120_000)
