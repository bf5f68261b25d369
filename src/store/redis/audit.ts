import type { Redis } from 'ioredis'
import { CHAIN_START } from '../audit-chain.ts'
import type { AuditRow, ChainLink, Store } from '../store.ts'

export async function readAudit(
  redis: Redis,
  prefix: string,
  { after = 0, limit = 100, subjects }: Parameters<Store['audit']>[0],
): Promise<AuditRow[]> {
  const numbers = subjects
    ? await ofSubjects(redis, prefix, subjects, after, limit)
    : await following(redis, prefix, after, limit)
  if (numbers.length === 0) return []
  const rows = await redis.hmget(`${prefix}audit`, ...numbers.map(String))
  return rows.filter((row) => row !== null).map((row) => JSON.parse(row) as AuditRow)
}

/** The numbers of the first entries of some subjects after one: of each as many as are wanted of all. */
async function ofSubjects(
  redis: Redis,
  prefix: string,
  subjects: readonly string[],
  after: number,
  limit: number,
): Promise<number[]> {
  const found = await Promise.all(
    subjects.map((subject) =>
      redis.zrangebyscore(`${prefix}audit:of:${subject}`, `(${after}`, '+inf', 'LIMIT', 0, limit),
    ),
  )
  const numbers = new Set(found.flat().map(Number))
  return [...numbers].sort((a, b) => a - b).slice(0, limit)
}

/** The numbers of the entries kept after one. Those in between that are missing are found by the check of the chain. */
async function following(redis: Redis, prefix: string, after: number, limit: number): Promise<number[]> {
  const [start, end] = await redis.hmget(`${prefix}chain`, 'startSeq', 'seq')
  const first = Math.max(after, Number(start ?? 0)) + 1
  const last = Math.min(Number(end ?? 0), first + limit - 1)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n)
}

export async function auditStart(redis: Redis, prefix: string): Promise<ChainLink> {
  const [seq, hash] = await redis.hmget(`${prefix}chain`, 'startSeq', 'startHash')
  return { seq: Number(seq ?? 0), hash: hash ?? CHAIN_START }
}
