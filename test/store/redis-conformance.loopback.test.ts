import { inject } from 'vitest'
import { storeConformance } from './conformance.ts'
import { redisDriver } from './support/redis.ts'

storeConformance('Redis', () => redisDriver(inject('redisUrl')))
