import { readFileSync } from 'node:fs'
import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { type ConfigFault, explain, type Finding, type Path, pathText } from './faults.ts'
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
  const read = readYaml(text)
  if ('fault' in read) return { ok: false, faults: [read.fault] }
  const place = (finding: Finding): ConfigFault => {
    const line = read.lineOf(finding.path)
    const path = pathText(finding.path) || '(file)'
    return { path, problem: finding.problem, ...(line !== undefined && { line }) }
  }
  const { filled, missing } = fillIn(read.value, env)
  const parsed = checked(filled)
  if (!parsed)
    return {
      ok: false,
      faults: [{ path: '(file)', problem: 'holds a block where a text or a list belongs' }],
    }
  if (missing.length > 0 || !parsed.success) {
    const named = new Set(missing.map((one) => pathText(one.path)))
    const found = parsed.success ? [] : explain(parsed.error.issues)
    const others = found.filter((one) => !named.has(pathText(one.path)))
    return { ok: false, faults: [...missing, ...others].map(place) }
  }
  const contradictions = findContradictions(parsed.data)
  if (contradictions.length > 0) return { ok: false, faults: contradictions.map(place) }
  return { ok: true, config: parsed.data, warnings: findWarnings(parsed.data).map(place) }
}

/** Undefined for what zod cannot even look at: a block with a `length` that is no number. */
function checked(value: unknown) {
  try {
    return configSchema.safeParse(value, { reportInput: true })
  } catch {
    return undefined
  }
}

interface Yaml {
  value: unknown
  /** The line of a path, or of the nearest part above it that stands in the file. */
  lineOf(path: Path): number | undefined
}

/** Of several faults only the first is told: those after it mostly follow from it. */
function readYaml(text: string): Yaml | { fault: ConfigFault } {
  const lines = new LineCounter()
  try {
    const document = parseDocument(hideBraces(text), {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
    })
    const [error] = document.errors
    if (error) {
      const { line } = lines.linePos(error.pos[0])
      return { fault: { path: '(file)', line, problem: notYaml(error.message) } }
    }
    keepIds(document)
    return { value: document.toJS() ?? {}, lineOf: (path) => lineOf(document, lines, path) }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { fault: { path: '(file)', problem: notYaml(why) } }
  }
}

/** What cannot be resolved may be a secret that begins with `*` or `!` and stands without quotes. */
function notYaml(why: string): string {
  const [said, name] = why.split(/(?<=^Unresolved (?:alias|tag)[^:]*): ?/)
  return `is not valid YAML: ${said}${name === undefined ? '' : '; put what begins with * or ! in quotes'}`
}

const ID_KEYS: readonly unknown[] = ['id', 'telegram', 'dingtalk', 'wecom', 'phone']

/**
 * Leaves ids of nothing but digits as they are written: as numbers they would lose leading zeros and last
 * digits.
 */
function keepIds(document: Document): void {
  visit(document, {
    Pair(_, { key, value }) {
      const isId = isScalar(key) && ID_KEYS.includes(key.value)
      if (isId && isScalar(value) && typeof value.value === 'number' && /^-?\d+$/.test(value.source ?? '')) {
        value.value = value.source
      }
    },
  })
}

function lineOf(document: Document, lines: LineCounter, path: Path): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    const range = node && typeof node === 'object' && 'range' in node ? node.range : undefined
    if (Array.isArray(range)) return lines.linePos(range[0]).line
  }
  return undefined
}

/** YAML allows no braces in unquoted text between braces; people write `{ token: ${TOKEN} }` all the same. */
const hideBraces = (text: string) => text.replace(/\$\{(\w+)\}/g, '$$\ue000$1\ue001')
const showBraces = (text: string) => text.replace(/\$\ue000(\w+)\ue001/g, (_, name: string) => `\${${name}}`)

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
