import { readFileSync } from 'node:fs'
import { type ConfigFault, explain, type Finding, type Path, pathText } from './faults.ts'
import { readQuickly, readYaml, showBraces } from './read-yaml.ts'
import { findContradictions, findWarnings } from './relations.ts'
import { type Config, configSchema } from './schema.ts'

export type Loaded =
  | { ok: true; config: Config; warnings: ConfigFault[] }
  | { ok: false; faults: ConfigFault[] }

/** Reads and checks a configuration file; all faults at once, each with path and line. */
export function loadConfig(file: string, env: NodeJS.ProcessEnv): Loaded {
  try {
    return parseConfig(readFileSync(file, 'utf8'), env)
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const why = isMissing ? 'there is no such file' : String(error)
    const problem = `${why}; copy breakerbot.example.yaml, or name another with --config FILE`
    return { ok: false, faults: [{ path: file, problem }] }
  }
}

/** Checks the text of a configuration; `env` fills in `${NAME}`. Never throws. */
export function parseConfig(text: string, env: NodeJS.ProcessEnv): Loaded {
  const quick = readQuickly(text)
  const judged = quick === undefined ? undefined : judge(quick, env)
  if (judged?.config && judged.findings.length === 0) return { ok: true, config: judged.config, warnings: [] }
  // Whatever is to be told of has a line.
  const read = readYaml(text)
  if ('fault' in read) return { ok: false, faults: [read.fault] }
  const { config, findings } = judge(read.value, env)
  const placed = findings.map(({ path, problem }): ConfigFault => {
    const line = read.lineOf(path)
    return { path: pathText(path) || '(file)', problem, ...(line !== undefined && { line }) }
  })
  return config ? { ok: true, config, warnings: placed } : { ok: false, faults: placed }
}

/** The configuration and what is to be warned of; or, without one, all faults. */
function judge(value: unknown, env: NodeJS.ProcessEnv): { config?: Config; findings: Finding[] } {
  const { filled, missing } = fillIn(value, env)
  const parsed = checked(filled)
  if (!parsed) return { findings: [{ path: [], problem: 'holds a block where a text or a list belongs' }] }
  if (missing.length > 0 || !parsed.success) {
    const named = new Set(missing.map((one) => pathText(one.path)))
    const found = parsed.success ? [] : explain(parsed.error.issues)
    return { findings: [...missing, ...found.filter((one) => !named.has(pathText(one.path)))] }
  }
  const contradictions = findContradictions(parsed.data)
  if (contradictions.length > 0) return { findings: contradictions }
  return { config: parsed.data, findings: findWarnings(parsed.data) }
}

/** Undefined for what zod cannot even look at: a block with a `length` that is no number. */
function checked(value: unknown) {
  try {
    return configSchema.safeParse(value, { reportInput: true })
  } catch {
    return undefined
  }
}

/** Replaces `${NAME}`, its braces hidden, in every text; tells of the names that are not set. */
function fillIn(root: unknown, env: NodeJS.ProcessEnv): { filled: unknown; missing: Finding[] } {
  const missing: Finding[] = []
  const fillText = (text: string, path: Path): string =>
    text.replace(/\$\ue000(\w+)\ue001/g, (_, name: string) => {
      const found = env[name]
      if (found) return found
      const problem = `the environment variable ${name} is not set; set it, or write the value here`
      missing.push({ path, problem })
      return ''
    })
  const fill = (value: unknown, path: Path, within: readonly unknown[]): unknown => {
    if (typeof value === 'string') return fillText(value, path)
    if (value === null || typeof value !== 'object') return value
    if (within.includes(value)) {
      missing.push({ path, problem: 'is an alias of a block that holds it' })
      return undefined
    }
    const around = [...within, value]
    if (Array.isArray(value)) return value.map((one, index) => fill(one, [...path, index], around))
    const entries = Object.entries(value).map(([hidden, one]): [string, unknown] => {
      const key = showBraces(hidden)
      return [key, fill(one, [...path, key], around)]
    })
    return Object.fromEntries(entries)
  }
  return { filled: fill(root, [], []), missing }
}
