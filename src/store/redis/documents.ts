import type { Redis } from 'ioredis'
import { toJson } from '../json.ts'
import type { ListQuery, Versioned, Write } from '../store.ts'
import { finite } from './numbers.ts'

/** A write as the scripts take it. @throws Error when the key has no kind, TypeError when the value is not JSON */
export function toWriteRow({ key, value, version, index }: Write): object {
  const slash = key.indexOf('/')
  if (slash < 1) throw new Error(`The key ${key} is not of the form kind/id.`)
  return {
    ...{ key, version, kind: key.slice(0, slash) },
    ...(value !== null && { json: toJson(value, `The value of ${key}`) }),
    ...(index && { at: finite(index.at, `The time of ${key}`), open: index.open }),
  }
}

export async function getDocument<T>(
  redis: Redis,
  prefix: string,
  key: string,
): Promise<Versioned<T> | undefined> {
  const [value, version] = await redis.hmget(`${prefix}doc:${key}`, 'value', 'version')
  if (typeof value !== 'string') return undefined
  return { key, value: JSON.parse(value), version: Number(version) }
}

export async function listDocuments<T>(
  redis: Redis,
  prefix: string,
  { kind, open, before, limit = 100 }: ListQuery,
): Promise<Versioned<T>[]> {
  const list = `${prefix}docs:${kind}${open === undefined ? '' : open ? ':open' : ':closed'}`
  const below = before === undefined ? '+inf' : `(${before}`
  const keys = await redis.zrevrangebyscore(list, below, '-inf', 'LIMIT', 0, limit)
  const found = await Promise.all(keys.map((key) => getDocument<T>(redis, prefix, key)))
  return found.filter((one) => one !== undefined)
}
