import { pino } from 'pino'
import pretty from 'pino-pretty'
import { traceId } from './tracing/trace.ts'

export type Logger = ReturnType<typeof createLog>

export interface LogOptions {
  /** Texts that must never be written, whatever part they turn up in. */
  secrets?: readonly string[]
  level?: string
  /** Where lines go; default standard error. */
  write?: (line: string) => void
  /** Readable lines for a terminal instead of JSON. */
  pretty?: boolean
}

/** JSON lines on standard error, readable ones on a terminal. What is secret is struck out of every line. */
export function createLog({
  secrets = [],
  level = 'info',
  write = toStderr,
  pretty: readable = false,
}: LogOptions = {}) {
  const written = (one: string) => [one, encodeURIComponent(one), JSON.stringify(one).slice(1, -1)]
  const hidden = [...new Set(secrets.filter((one) => one.length >= 6).flatMap(written))]
  const clean = (line: string) => hidden.reduce((text, secret) => text.replaceAll(secret, '«secret»'), line)
  const sink = { write: (line: string) => write(clean(line)) }
  const options = { level, base: null, mixin: traced }
  if (!readable) return pino(options, sink)
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
