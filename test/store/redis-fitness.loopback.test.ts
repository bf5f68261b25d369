import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { checkFitness } from '../../src/store/redis/fitness.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { closedPort } from '../support/closed-port.ts'
import { createRecorder } from '../support/recorder.ts'
import { type RedisProcess, startRedis } from '../support/redis.ts'

const running: RedisProcess[] = []
afterEach(async () => {
  for (const redis of running.splice(0)) await redis.remove()
})

async function redisWith(...settings: string[]): Promise<RedisProcess> {
  const redis = await startRedis(settings)
  running.push(redis)
  return redis
}

describe('what Redis must be', () => {
  it.each([
    [
      'without a file',
      ['--appendonly', 'no'],
      'forgets what it has taken when it ends: set «appendonly yes» in redis.conf.',
    ],
    [
      'that evicts',
      ['--maxmemory-policy', 'allkeys-lru'],
      'drops data when memory is short: set «maxmemory-policy noeviction» in redis.conf.',
    ],
    [
      'that never syncs',
      ['--appendfsync', 'no'],
      'leaves it to the system when to write: set «appendfsync always» in redis.conf.',
    ],
  ])('refuses one %s', async (_, settings, sentence) => {
    const { url, port } = await redisWith(...settings)
    await expect(openRedisStore(url)).rejects.toMatchObject({
      code: 'unsafe',
      message: `redis://127.0.0.1:${port} ${sentence}`,
    })
  })

  it('refuses a replica', async () => {
    const primary = await redisWith()
    const { url } = await redisWith('--replicaof', '127.0.0.1', `${primary.port}`)
    await expect(openRedisStore(url)).rejects.toMatchObject({
      code: 'unsafe',
      message: expect.stringContaining('is a replica: name the primary in store.'),
    })
  })

  it('refuses one that is too old, and data of a newer version', async () => {
    const { url } = await redisWith()
    const redis = new Redis(url)
    const old = { info: async () => 'redis_version:6.2.14\r\nrole:master\r\n' } as unknown as Redis
    await expect(checkFitness(old, { url, prefix: 'p' })).rejects.toMatchObject({
      code: 'unsafe',
      message: expect.stringContaining('is Redis 6.2.14; version 7.0 or newer is needed.'),
    })
    await redis.set('{breakerbot}:shape', 99)
    await redis.quit()
    await expect(openRedisStore(url)).rejects.toMatchObject({ code: 'too-new' })
  })

  it('says when nobody is there, and when the password is wrong, without telling it', async () => {
    const port = await closedPort()
    const nobody = openRedisStore(`redis://:geheim@127.0.0.1:${port}`)
    await expect(nobody).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(
        /^redis:\/\/127\.0\.0\.1:\d+ cannot be reached: .*Is Redis running, and is store right\?$/,
      ),
    })
    const { url } = await redisWith('--requirepass', 'right')
    const wrong = openRedisStore(url.replace('//', '//:wrong@'))
    await expect(wrong).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/refuses the login.*check the user and password in store\.$/),
    })
    await expect(wrong).rejects.not.toMatchObject({ message: expect.stringContaining(':wrong') })
    const store = await openRedisStore(url.replace('//', '//:right@'))
    await store.close()
  })

  it('warns where the last second may be lost', async () => {
    const { url } = await redisWith()
    const told = createRecorder()
    await (await openRedisStore(url, { log: told.log })).close()
    expect(told.lines).toEqual([expect.stringContaining('«appendfsync always» keeps it')])
    const { url: safe } = await redisWith('--appendfsync', 'always')
    const silent = createRecorder()
    await (await openRedisStore(safe, { log: silent.log })).close()
    expect(silent.lines).toEqual([])
  })
})
