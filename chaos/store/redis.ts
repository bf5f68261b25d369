import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { startRedis } from '../../scripts/redis/process.ts'
import type { BreakerState } from '../../src/domain/breaker.ts'
import { openStore } from '../../src/store/open.ts'
import type { MishapKind } from '../ledger.ts'
import { ALL } from '../state.ts'
import type { StoreUnderTest } from './store.ts'

/** How long it stands still when it is frozen, ms. */
const FROZEN = 2500

/**
 * A `redis-server` of the run's own. With `appendfsync everysec` a machine that loses power loses up to a second of
 * what was answered, by the nature of that setting; so here every write is synced.
 */
export async function startRedisUnderTest(folder: string): Promise<StoreUnderTest> {
  const redis = await startRedis(['--dir', folder, '--appendfsync', 'always'])

  async function befall(kind: MishapKind): Promise<void> {
    switch (kind) {
      case 'killed':
        await redis.kill()
        return redis.start()
      case 'frozen':
        redis.freeze()
        await delay(FROZEN)
        return redis.thaw()
      case 'rewriting':
        return rewrite(redis.url)
    }
  }

  return {
    url: redis.url,
    onNextCommit: (tell) => onNextWrite(redis.port, tell),
    async breakers() {
      const store = await openStore(redis.url)
      try {
        return (await store.list<BreakerState>({ kind: 'breaker', limit: ALL })).map((one) => one.value)
      } finally {
        await store.close()
      }
    },
    open: () => openStore(redis.url),
    befall,
    close: () => redis.remove(),
  }
}

async function rewrite(url: string): Promise<void> {
  const client = new Redis(url)
  // One that is under way already is as good.
  await client.call('BGREWRITEAOF').catch(() => {})
  client.disconnect()
}

/** Listens to all commands until a script writes a breaker's state: that is a decision being committed. */
function onNextWrite(port: number, tell: () => void): () => void {
  const socket = connect(port, '127.0.0.1', () => socket.write('MONITOR\r\n'))
  socket.on('error', () => {})
  createInterface(socket).on('line', (line) => {
    if (/ lua\] "HSET" .*doc:breaker\//i.test(line)) tell()
  })
  return () => void socket.destroy()
}
