import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { openRedisStore } from '../../../src/store/redis/open.ts'
import type { StoreDriver } from './world.ts'

/** A place of its own in a Redis, by a prefix that no other test has. */
export async function redisDriver(url: string): Promise<StoreDriver> {
  const prefix = `test-${randomUUID()}`
  return {
    open: (options) => openRedisStore(url, { ...options, prefix }),
    async remove() {
      const redis = new Redis(url)
      const keys = await redis.keys(`{${prefix}}:*`)
      for (let at = 0; at < keys.length; at += 1000) await redis.unlink(...keys.slice(at, at + 1000))
      await redis.quit()
    },
  }
}
