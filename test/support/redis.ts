export { type RedisProcess, startRedis } from '../../scripts/redis/process.ts'
