import { Redis } from 'ioredis'
import { placeOf } from './errors.ts'

/** What a person who looks after a Redis should know of it, in one line without the password. */
export async function redisFacts(url: string): Promise<string> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null })
  redis.on('error', () => {})
  try {
    await redis.connect()
    const info = await redis.info()
    const fact = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? 'unknown'
    // A managed Redis may not tell.
    const sync = await redis.config('GET', 'appendfsync').catch(() => undefined)
    const when = Array.isArray(sync) && sync.length > 1 ? String(sync[1]) : 'unknown'
    const aof = fact('aof_enabled') === '1' ? `appendonly yes (appendfsync ${when})` : 'appendonly no'
    return `${placeOf(url)}: Redis ${fact('redis_version')}, ${aof}, maxmemory-policy ${fact('maxmemory_policy')}`
  } finally {
    redis.disconnect()
  }
}
