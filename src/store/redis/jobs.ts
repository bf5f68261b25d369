import type { ChainableCommander, Redis } from 'ioredis'
import { toJson } from '../json.ts'
import type { Job, NewJob, Store, UnfinishedQuery } from '../store.ts'
import { finite } from './numbers.ts'

/** A new job as the scripts take it, taken down when it was handed over. @throws TypeError when its payload is not JSON */
export function toRow(job: NewJob): object {
  const { id, queue, lane, priority = 0, collapse, dueAt, remember } = job
  return {
    ...{ id, queue, lane },
    priority: finite(priority, `The priority of job ${id}`),
    payload: toJson(job.payload ?? null, `The payload of job ${id}`),
    ...(collapse !== undefined && { collapse }),
    ...(dueAt !== undefined && { due: finite(dueAt, `The due time of job ${id}`) }),
    ...(remember !== undefined && { remember: finite(remember, `How long job ${id} is remembered`) }),
  }
}

/** A job's hash as a job. */
export function toJob(id: string, fields: Record<string, string>): Job {
  return {
    id,
    queue: fields.queue ?? '',
    lane: fields.lane ?? '',
    payload: JSON.parse(fields.payload ?? 'null'),
    priority: Number(fields.priority),
    attempt: Number(fields.attempt),
    begun: fields.begun !== undefined,
    createdAt: Number(fields.created),
  }
}

/** Several answers of one moment: between two looks a job could pass from where it waits to where it runs, or back. */
async function atOnce(commands: ChainableCommander): Promise<unknown[]> {
  const answers = (await commands.exec()) ?? []
  return answers.map(([error, value]) => {
    if (error) throw error
    return value
  })
}

export async function isBusy(redis: Redis, prefix: string, lane: string): Promise<boolean> {
  const found = await atOnce(redis.multi().exists(`${prefix}lane:${lane}`).hexists(`${prefix}busy`, lane))
  return found.includes(1)
}

/** How many of the waiting jobs are looked at in one go. */
const PAGE = 500

/** Those of a lane among jobs. */
async function inLane(redis: Redis, prefix: string, ids: string[], lane: string): Promise<string[]> {
  const found: string[] = []
  for (let start = 0; start < ids.length; start += PAGE) {
    const page = ids.slice(start, start + PAGE)
    const lanes = await Promise.all(page.map((id) => redis.hget(`${prefix}job:${id}`, 'lane')))
    found.push(...page.filter((_, index) => lanes[index] === lane))
  }
  return found
}

export async function unfinished(
  redis: Redis,
  prefix: string,
  { queue, lane, priority, after = 0, limit }: UnfinishedQuery,
): ReturnType<Store['unfinished']> {
  const looks = redis.multi().hget(`${prefix}busy`, lane).zrange(`${prefix}waiting:${queue}`, 0, '-1')
  const [running, waiting] = (await atOnce(looks)) as [string | null, string[]]
  const ids = new Set(await inLane(redis, prefix, waiting, lane))
  if (running !== null) ids.add(running)
  const found = await Promise.all(
    [...ids].map(async (id) => [id, await redis.hgetall(`${prefix}job:${id}`)] as const),
  )
  return found
    .filter(([, { state }]) => state === 'waiting' || state === 'running')
    .map(([id, fields]) => ({ job: toJob(id, fields), seq: Number(fields.seq), why: fields.why }))
    .filter(({ job }) => job.queue === queue && job.priority >= priority && job.createdAt > after)
    .sort((a, b) => a.job.createdAt - b.job.createdAt || a.seq - b.seq)
    .slice(0, limit)
    .map(({ job, why }) => ({ job, ...(why !== undefined && { why }) }))
}

export async function deadJobs(redis: Redis, prefix: string, limit: number): ReturnType<Store['deadJobs']> {
  const names = limit > 0 ? await redis.zrevrange(`${prefix}dead`, 0, limit - 1) : []
  const ids = names.map((name) => name.slice(name.indexOf(':') + 1))
  const found = await Promise.all(ids.map((id) => redis.hgetall(`${prefix}job:${id}`)))
  return found.flatMap((fields, index) =>
    fields.state === 'dead'
      ? [{ job: toJob(ids[index]!, fields), why: fields.why ?? '', at: Number(fields.ended) }]
      : [],
  )
}

export async function counts(redis: Redis, prefix: string, now: number): ReturnType<Store['counts']> {
  const [queues, deads] = await Promise.all([
    redis.smembers(`${prefix}queues`),
    redis.hgetall(`${prefix}deads`),
  ])
  const found = await Promise.all(
    queues.map(async (queue) => {
      const list = `${prefix}waiting:${queue}`
      const [waiting, first] = await Promise.all([
        redis.zcard(list),
        redis.zrange(list, 0, '0', 'WITHSCORES'),
      ])
      const oldestDue = first[1] === undefined ? 0 : Math.max(0, now - Number(first[1]))
      return [queue, { waiting, dead: Number(deads[queue] ?? 0), oldestDue }] as const
    }),
  )
  return Object.fromEntries(found.filter(([, { waiting, dead }]) => waiting + dead > 0))
}
