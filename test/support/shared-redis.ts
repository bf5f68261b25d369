import type { TestProject } from 'vitest/node'
import { startRedis } from './redis.ts'

/** One Redis for all tests that do not have to break it: `REDIS_URL`, or one of our own for the length of the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.REDIS_URL
  if (given) {
    project.provide('redisUrl', given)
    return async () => {}
  }
  const redis = await startRedis()
  project.provide('redisUrl', redis.url)
  return redis.remove
}

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string
  }
}
