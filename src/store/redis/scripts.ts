import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

/** The scripts, one a file in `scripts/`; each is described at its head. */
export const SCRIPTS = [
  'begin',
  'claim',
  'commit',
  'forget',
  'found',
  'lease',
  'leave',
  'seal',
  'settle',
  'spend',
  'tick',
] as const
export type ScriptName = (typeof SCRIPTS)[number]

/** What a script answers: its own word, when time brings something next (ms; -1: never), what is for the courier. */
export interface Reply {
  word: Record<string, unknown>
  next: number
  handing: string[]
}

const ALLOW_OOM = '#allow-oom\n'
const read = (name: string) => readFileSync(new URL(`scripts/${name}.lua`, import.meta.url), 'utf8')

/**
 * A script as Redis gets it. The first line makes Redis refuse it as a whole when no memory is left, instead of
 * stopping in its middle; scripts that free memory run even then.
 */
function sourceOf(name: ScriptName, lib: string): string {
  const own = read(name)
  const flags = own.startsWith(ALLOW_OOM) ? ' flags=allow-oom' : ''
  return `#!lua${flags}\n${lib}\n${own.replace(ALLOW_OOM, '')}`
}

/** Makes the scripts known to a connection. */
export function defineScripts(redis: Redis): void {
  const lib = read('lib')
  for (const name of SCRIPTS) {
    redis.defineCommand(commandOf(name), { numberOfKeys: 1, lua: sourceOf(name, lib) })
  }
}

/**
 * Runs a script.
 * @param prefix the beginning of all keys
 * @param now ms, or the server's own clock
 * @param ask its question, JSON
 * @param bytes what is no JSON
 */
export async function runScript(
  redis: Redis,
  name: ScriptName,
  prefix: string,
  now: number | 'server',
  ask: object,
  bytes: readonly Buffer[] = [],
): Promise<Reply> {
  const run: unknown = Reflect.get(redis, commandOf(name))
  if (typeof run !== 'function') throw new Error(`the script ${name} is not defined`)
  const text: unknown = await run.call(redis, prefix, String(now), toText(ask), ...bytes)
  const reply = JSON.parse(String(text)) as Reply
  // Lua knows no difference between an empty list and an empty object.
  return { ...reply, handing: listOf(reply.handing) }
}

/** Runs the script that answers with lists of bytes; it changes nothing. */
export async function readScript(
  redis: Redis,
  name: 'found',
  prefix: string,
  ask: object,
): Promise<Buffer[][]> {
  const run: unknown = Reflect.get(redis, `${commandOf(name)}Buffer`)
  if (typeof run !== 'function') throw new Error(`the script ${name} is not defined`)
  return run.call(redis, prefix, 'server', toText(ask)) as Promise<Buffer[][]>
}

/** A list that Lua may have told as an empty object. */
export function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value : []
}

/** As JSON that Lua can read: it knows no halves of surrogate pairs, which people's names may contain. */
function toText(ask: object): string {
  const text = JSON.stringify(ask)
  if (!/[^\\]\\ud[89a-f]/.test(text)) return text
  return JSON.stringify(ask, (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  )
}

const commandOf = (name: ScriptName) => `breakerbot_${name}`
