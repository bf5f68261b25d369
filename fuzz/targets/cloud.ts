import fc from 'fast-check'
import { jobsFor } from '../../src/engine/push-jobs.ts'
import { readBody } from '../../src/http/read-body.ts'
import { outcomeOf } from '../../src/thingboot/answer.ts'
import { parsePush } from '../../src/thingboot/parse-push.ts'
import { profileFor } from '../../src/thingboot/profiles.ts'
import { devicesIn } from '../../src/thingboot/status.ts'
import { DEVICE_ID } from '../../src/thingboot/values.ts'
import { bodies, mutated } from '../mutate.ts'
import { CLOUD_ANSWERS, NOW, PUSHES } from '../samples.ts'
import { claim, target } from '../target.ts'

const DAY = 86_400_000
const TOPICS = [undefined, 'api/demoapp/message/event', 'api/demoapp/message/820720/state', '/', '__proto__']
/** So much longer than the body may be what is kept of it: each report of many brings the body along, to a limit. */
const GROWS_BY = 1024 * 1024
const PER_BYTE = 100

const finite = (values: object): boolean => Object.values(values).every(Number.isFinite)

function probePush({ body, topic }: { body: string; topic: string | undefined }): void {
  const read = readBody(body)
  if (!read.ok) {
    claim(read.why.length < 300, 'the reason is as long as the body')
    return
  }
  const context = {
    receivedAt: NOW + 500,
    profileFor: () => profileFor(undefined),
    ...(topic !== undefined && { topic }),
  }
  const parsed = parsePush(read.value, context)
  if (!parsed.ok) {
    claim(parsed.why.length < 300, 'the reason is as long as the body')
    return
  }
  for (const { id, device, kind, at, readings, doubted, positions, name, extra, fault } of parsed.reports) {
    claim(/^[0-9a-f]{24}$/.test(id), `id ${id}`)
    claim(DEVICE_ID.test(device), `device ${device}`)
    claim(['order', 'event', 'state', 'online', 'offline'].includes(kind), `kind ${kind}`)
    claim(Number.isSafeInteger(at) && at > 0 && at <= NOW + 2 * DAY, `at ${at}`)
    claim(finite(readings) && finite(doubted ?? {}), `readings ${JSON.stringify(readings)}`)
    claim(
      Object.values(positions).every((one) => one === 'open' || one === 'closed'),
      'positions',
    )
    for (const text of [name, extra, fault?.raw])
      claim(text === undefined || text.length <= 100, 'a text grows')
  }
  const kept = JSON.stringify(jobsFor(parsed.reports, body))
  const limit = GROWS_BY + PER_BYTE * Buffer.byteLength(body) + Buffer.byteLength(JSON.stringify(body))
  claim(kept.length <= limit * 2, `${kept.length} bytes are kept of ${body.length}`)
}

function probeAnswer({ status, text }: { status: number; text: string }): void {
  const outcome = outcomeOf({ status, text })
  if (!outcome.ok) {
    claim(JSON.stringify(outcome.why).length < 1000, 'a sentence grows')
    return
  }
  for (const one of devicesIn(outcome.data, NOW, () => profileFor(undefined))) {
    claim(DEVICE_ID.test(one.device), `device ${one.device}`)
    claim(finite(one.readings), 'readings')
    claim(one.online === undefined || typeof one.online === 'boolean', 'online')
    claim(one.name === undefined || one.name.length <= 100, 'a name grows')
  }
}

export const cloud = [
  target({
    name: 'push',
    weight: 6,
    inputs: fc.record({ body: bodies(PUSHES), topic: fc.constantFrom(...TOPICS) }),
    probe: probePush,
  }),
  target({
    name: 'cloud-answer',
    weight: 2,
    inputs: fc.record({
      status: fc.oneof(fc.constantFrom(200, 204, 301, 404, 500), fc.integer({ min: 100, max: 999 })),
      text: fc.oneof(
        bodies(CLOUD_ANSWERS),
        mutated(CLOUD_ANSWERS).map((one) => JSON.stringify(one) ?? ''),
      ),
    }),
    probe: probeAnswer,
  }),
]
