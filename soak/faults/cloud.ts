import type { CallFault } from '../../src/simulator/thingboot/api.ts'
import { type FaultKind, sometimes } from './kind.ts'

/** Hits about so many of the calls. */
const hits =
  (effect: CallFault, share = 0.5): FaultKind['begin'] =>
  (place) =>
    place.fleet.cloud.faults.add({ when: sometimes(place, share), times: Infinity, effect })

export const CLOUD: readonly FaultKind[] = [
  { name: 'slow', begin: hits({ kind: 'slow', ms: 3000 }) },
  { name: '502 page', begin: hits({ kind: 'status', status: 502 }) },
  {
    name: '503 page, carried out',
    losesAnswers: true,
    begin: hits({ kind: 'status', status: 503, act: true }),
  },
  { name: '200 page', begin: hits({ kind: 'html' }) },
  { name: 'half an answer', losesAnswers: true, begin: hits({ kind: 'garbage', act: true }) },
  { name: 'reset', begin: hits({ kind: 'reset' }) },
  { name: 'hung', begin: hits({ kind: 'hang' }, 0.4) },
  { name: 'answers lost', losesAnswers: true, begin: hits({ kind: 'hang', act: true }, 0.4) },
  { name: 'code 500', begin: hits({ kind: 'code', code: 500, msg: 'busy' }) },
  {
    name: 'pushes come twice',
    begin: (place) =>
      place.fleet.cloud.pushFaults.add({
        when: sometimes(place, 0.5),
        times: Infinity,
        effect: { kind: 'duplicate' },
      }),
  },
]
