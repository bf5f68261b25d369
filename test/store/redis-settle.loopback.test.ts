import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { defineScripts, runScript, type ScriptName } from '../../src/store/redis/scripts.ts'

const NOW = 1000
const PREFIX = `{test-${randomUUID()}}:`

let redis: Redis

beforeEach(() => {
  redis = new Redis(inject('redisUrl'))
  defineScripts(redis)
})
afterEach(async () => {
  await redis.unlink(await redis.keys(`${PREFIX}*`))
  await redis.quit()
})

const call = async (name: ScriptName, ask: object) => (await runScript(redis, name, PREFIX, NOW, ask)).word
const claim = (run: string) => call('claim', { id: 'a', instance: 'i', run, lease: 60_000 })
const settle = (run: string, more: object) => call('settle', { id: 'a', lane: 'l', run, keep: 1000, ...more })

it('does not end a run by the result of an earlier one that waited, though both count as the first attempt', async () => {
  const job = { id: 'a', queue: 'q', lane: 'l', payload: 'null', priority: 0 }
  await call('commit', { writes: [], cancel: [], jobs: [job], audit: [], samples: [] })
  const waits = { result: 'wait', due: NOW, why: 'no room' }
  expect(await claim('one')).toMatchObject({ job: { attempt: 1 } })
  expect(await settle('one', waits)).toEqual({ ok: true })
  await call('tick', { instance: 'i', left: 1000, again: [], repair: [] })
  expect(await claim('two')).toMatchObject({ job: { attempt: 1 } })
  // Its answer got lost, so it is told again.
  expect(await settle('one', waits)).toEqual({ lost: true })
  expect(await redis.hget(`${PREFIX}job:a`, 'state')).toBe('running')
  expect(await settle('two', { result: 'done' })).toEqual({ ok: true })
  expect(await redis.exists(`${PREFIX}job:a`)).toBe(0)
})
