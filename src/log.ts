import { createRequire } from 'node:module'
import { pino } from 'pino'
import { traceId } from './tracing/trace.ts'

export type Logger = ReturnType<typeof createLog>

export interface LogOptions {
  /** Texts that must never be written, whatever part they turn up in; or what strikes them out. */
  secrets?: readonly string[] | Redactor
  level?: string
  /** Where lines go; default standard error. */
  write?: (line: string) => void
  /** Readable lines for a terminal instead of JSON. */
  pretty?: boolean
}

/** Strikes secrets out of texts. */
export interface Redactor {
  /** A configuration that is read again may bring others. */
  add(secrets: readonly string[]): void
  clean(text: string): string
}

/** Shorter ones would strike out half of what is said. */
const SHORTEST = 6

/** @param secrets shorter than 6 characters are left alone */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const forms = new Set<string>()
  let pattern: RegExp | undefined

  const redactor: Redactor = {
    add(more) {
      for (const secret of more)
        if (secret.length >= SHORTEST) for (const form of formsOf(secret)) forms.add(form)
      const longestFirst = [...forms].sort((a, b) => b.length - a.length)
      pattern =
        forms.size === 0 ? undefined : new RegExp(longestFirst.map((one) => escaped(one)).join('|'), 'g')
    },
    clean: (text) => (pattern ? text.replace(pattern, '«secret»') : text),
  }
  redactor.add(secrets)
  return redactor
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')

/** A secret as it stands in an address, in JSON, in hex, and in base64 wherever it begins there. */
function formsOf(secret: string): string[] {
  const text = secret.toWellFormed()
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const packed = [0, 1, 2].map((before) => {
    // What shares a letter with its neighbours is not the secret's alone.
    const digits = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const last = (before + bytes.length) % 3 === 0 ? 0 : 1
    return digits.slice(before === 0 ? 0 : before + 1, digits.length - last)
  })
  const web = packed.map((one) => one.replaceAll('+', '-').replaceAll('/', '_'))
  const written = [secret, encodeURIComponent(text), encodeURI(text), JSON.stringify(secret).slice(1, -1)]
  return [...written, hex, hex.toUpperCase(), ...packed, ...web]
}

/** JSON lines on standard error, readable ones on a terminal. What is secret is struck out of every line. */
export function createLog({
  secrets = [],
  level = 'info',
  write = toStderr,
  pretty: readable = false,
}: LogOptions = {}) {
  const { clean } = 'clean' in secrets ? secrets : createRedactor(secrets)
  const sink = { write: (line: string) => write(clean(line)) }
  const options = { level, base: null, mixin: traced }
  if (!readable) return pino(options, sink)
  // Only a terminal needs it.
  const pretty = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty')
  const prettify = pretty.prettyFactory({
    colorize: true,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss',
  })
  return pino(options, { write: (line: string) => sink.write(prettify(JSON.parse(line))) })
}

/** Every line bears the id of what it belongs to, if it belongs to anything. */
function traced(): object {
  const trace = traceId()
  return trace === undefined ? {} : { trace }
}

function toStderr(line: string): void {
  process.stderr.write(line)
}
