import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { ConfigFault, Path } from './faults.ts'
import { isIdKey, liftPlain, putBack } from './plain-breakers.ts'

export interface Yaml {
  value: unknown
  /** The line of a path, or of the nearest part above it that stands in the file. */
  lineOf(path: Path): number | undefined
}

/** Of several faults only the first is told: those after it mostly follow from it. */
export function readYaml(text: string): Yaml | { fault: ConfigFault } {
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

/**
 * The same value without the lines, where thousands of breakers can be read much faster than as YAML. Undefined where that
 * is not so, or anything is wrong.
 */
export function readQuickly(text: string): unknown {
  const lifted = liftPlain(text)
  const read = lifted && readYaml(lifted.rest)
  if (!read || 'fault' in read) return undefined
  return putBack(read.value, lifted.runs) ? read.value : undefined
}

/** What cannot be resolved may be a secret that begins with `*` or `!` and stands without quotes. */
function notYaml(why: string): string {
  const [said, name] = why.split(/(?<=^Unresolved (?:alias|tag)[^:]*): ?/)
  return `is not valid YAML: ${said}${name === undefined ? '' : '; put what begins with * or ! in quotes'}`
}

/**
 * Leaves ids of nothing but digits as they are written: as numbers they would lose leading zeros and last
 * digits.
 */
function keepIds(document: Document): void {
  visit(document, {
    Pair(_, { key, value }) {
      const isId = isScalar(key) && isIdKey(key.value)
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
export const showBraces = (text: string) =>
  text.replace(/\$\ue000(\w+)\ue001/g, (_, name: string) => `\${${name}}`)
