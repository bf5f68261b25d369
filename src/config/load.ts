import { readFileSync } from 'node:fs'
import { type Document, LineCounter, parseDocument } from 'yaml'
import { type ConfigFault, explain, type Path, pathText } from './faults.ts'
import { findContradictions, findWarnings } from './relations.ts'
import { type Config, configSchema } from './schema.ts'

export type Loaded = { ok: true; config: Config; warnings: ConfigFault[] } | { ok: false; faults: ConfigFault[] }

/** Reads and checks a configuration file; all faults at once, each with path and line. */
export function loadConfig(file: string, env: NodeJS.ProcessEnv): Loaded {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : String(error)
    return { ok: false, faults: [{ path: file, problem: `${why}; copy breakerbot.example.yaml, or name another with --config FILE` }] }
  }
  return parseConfig(text, env)
}

/** Checks the text of a configuration; `env` fills in `${NAME}`. */
export function parseConfig(text: string, env: NodeJS.ProcessEnv): Loaded {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  if (document.errors.length > 0) {
    return {
      ok: false,
      faults: document.errors.map((error) => ({
        path: '(file)',
        line: lines.linePos(error.pos[0]).line,
        problem: `is not valid YAML: ${error.message.split('\n')[0]}`,
      })),
    }
  }
  const place = (finding: { path: Path; problem: string }): ConfigFault => {
    const line = lineOf(document, lines, finding.path)
    return { path: pathText(finding.path) || '(file)', problem: finding.problem, ...(line !== undefined && { line }) }
  }
  const missing: { path: Path; problem: string }[] = []
  const filled = fillIn(document.toJS() ?? {}, env, [], missing)
  const parsed = configSchema.safeParse(filled, { reportInput: true })
  if (missing.length > 0 || !parsed.success) {
    const named = new Set(missing.map((one) => pathText(one.path)))
    const others = parsed.success ? [] : explain(parsed.error.issues).filter((one) => !named.has(pathText(one.path)))
    return { ok: false, faults: [...missing, ...others].map(place) }
  }
  const contradictions = findContradictions(parsed.data)
  if (contradictions.length > 0) return { ok: false, faults: contradictions.map(place) }
  return { ok: true, config: parsed.data, warnings: findWarnings(parsed.data).map(place) }
}

/** Replaces `${NAME}` in every text. */
function fillIn(value: unknown, env: NodeJS.ProcessEnv, path: Path, missing: { path: Path; problem: string }[]): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const found = env[name]
      if (found === undefined || found === '') {
        missing.push({ path, problem: `the environment variable ${name} is not set; set it, or write the value here` })
      }
      return found ?? ''
    })
  }
  if (Array.isArray(value)) return value.map((one, index) => fillIn(one, env, [...path, index], missing))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillIn(one, env, [...path, key], missing)]))
  }
  return value
}

/** The line of a path, or of the nearest part above it that stands in the file. */
function lineOf(document: Document, lines: LineCounter, path: Path): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    const range = node && typeof node === 'object' && 'range' in node ? node.range : undefined
    if (Array.isArray(range)) return lines.linePos(range[0]).line
  }
  return undefined
}
