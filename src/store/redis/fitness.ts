import type { Redis } from 'ioredis'
import type { Log } from '../../domain/log.ts'
import { StoreError } from '../errors.ts'
import { placeOf } from './errors.ts'

/** Scripts that are refused as a whole when memory is out came with it. */
const LEAST = 7
/** Of keys and scripts; grows with their shape. */
const SHAPE = 1
/** A clock further off than this from Redis's is told of, ms. */
const CLOCK_TOLERANCE = 5000

/**
 * Makes sure that Redis keeps what it has taken.
 * @throws StoreError with what is wrong and how to mend it
 */
export async function checkFitness(
  redis: Redis,
  { url, prefix, log }: { url: string; prefix: string; log?: Pick<Log, 'warn'> | undefined },
): Promise<void> {
  const info = await redis.info()
  const fact = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
  const place = placeOf(url)
  const unsafe = (problem: string) => new StoreError('unsafe', `${place} ${problem}`)
  if (Number.parseInt(fact('redis_version'), 10) < LEAST)
    throw unsafe(`is Redis ${fact('redis_version')}; version ${LEAST}.0 or newer is needed.`)
  if (fact('role') !== 'master') throw unsafe('is a replica: name the primary in store.')
  if (fact('aof_enabled') !== '1')
    throw unsafe('forgets what it has taken when it ends: set «appendonly yes» in redis.conf.')
  if (fact('maxmemory_policy') !== 'noeviction')
    throw unsafe(`drops data when memory is short: set «maxmemory-policy noeviction» in redis.conf.`)
  await checkShape(redis, `${prefix}shape`, place)
  await warn(redis, place, log)
}

async function checkShape(redis: Redis, key: string, place: string): Promise<void> {
  await redis.set(key, SHAPE, 'NX')
  const found = Number(await redis.get(key))
  if (found > SHAPE)
    throw new StoreError(
      'too-new',
      `${place} was written by a newer version of this program; install that again, or restore a copy made before it.`,
    )
}

async function warn(redis: Redis, place: string, log: Pick<Log, 'warn'> | undefined): Promise<void> {
  const [seconds, micros] = await redis.time()
  const offBy = Date.now() - (Number(seconds) * 1000 + Number(micros) / 1000)
  if (Math.abs(offBy) > CLOCK_TOLERANCE)
    log?.warn(
      { store: place, seconds: Math.round(offBy / 1000) },
      'this clock and that of Redis differ: set both by NTP',
    )
  // A managed Redis may not tell.
  const fsync = await redis.config('GET', 'appendfsync').catch(() => undefined)
  if (Array.isArray(fsync) && fsync[1] === 'no')
    throw new StoreError(
      'unsafe',
      `${place} leaves it to the system when to write: set «appendfsync always» in redis.conf.`,
    )
  if (Array.isArray(fsync) && fsync[1] === 'everysec')
    log?.warn(
      { store: place },
      'what was taken in the last second is lost if the machine of Redis dies: «appendfsync always» keeps it',
    )
}
