import { message } from '../domain/message.ts'
import type { Job, JobResult, Write } from '../store/store.ts'
import type { Parts } from './parts.ts'
import { adminJob } from './send-jobs.ts'

/** So many devices that are not configured are told of. */
const UNKNOWN = { name: 'unknown-devices', most: 30, within: 3_600_000 }

/**
 * A device that is not configured is named once to an admin, with the line to add; of many, the rest when it pushes again.
 * @param job that of its push, which ends with it
 * @param writes what is kept of the push
 */
export async function unknownDevice(
  { store, metrics, log, now, policy }: Parts,
  job: Job,
  device: string,
  writes: Write[],
): Promise<JobResult> {
  metrics.pushes.inc({ result: 'unknown-device' })
  const key = `unknown-device/${device}`
  // Whoever knows the address could name any number of them.
  if ((await store.get(key)) || (await store.spend([UNKNOWN])) > 0) {
    await store.commit({ writes, done: job.id })
    return 'committed'
  }
  log.warn({ device }, 'a push came from a device that is not configured')
  const text = message('admin.unknown-device', { device, line: lineFor(policy.rooms[0]?.name, device) })
  const seen = { key, value: { firstSeen: now() }, version: 0, index: { at: now(), open: true } }
  await store.commit({
    writes: [seen, ...writes],
    jobs: [adminJob(`unknown-device:${device}`, text)],
    done: job.id,
  })
  // On a conflict another push has told of it at the same time: then this one is run again.
  return 'committed'
}

/** One line, for chats that take indentation and a leading dash for mark-up. */
function lineFor(room = '…', device: string): string {
  return `- { id: ${device}, name: …, site: …, room: ${room}, ratedCurrent: … }`
}
