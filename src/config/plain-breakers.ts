/**
 * Of a large file nearly all is breakers, written in the plainest YAML: one in a line, or a line for each key. They are
 * lifted out before the rest is read as YAML, which would take a hundred times as long. What is not quite plain stays
 * where it is.
 */
export interface Lifted {
  /** The text with a mark in place of each run of breakers. */
  rest: string
  runs: Plain[][]
}

export type Plain = Record<string, unknown>

const ID_KEYS: readonly unknown[] = ['id', 'telegram', 'dingtalk', 'wecom', 'phone']

/** What stands there is a text, be it of nothing but digits. */
export const isIdKey = (key: unknown): boolean => ID_KEYS.includes(key)

const MARK = '\ue002'

const WORD = String.raw`[\p{L}\p{M}\p{N}_./()-]+`
const SCALAR = String.raw`"[^"\\$\p{C}]*"|'[^'$\p{C}]*'|[\p{L}\d](?:${WORD})?(?: ${WORD})*`
const LIST = String.raw`\[ *(?:${SCALAR})(?:, *(?:${SCALAR}))* *\]`
const PAIR = `[A-Za-z]+: +(?:${LIST}|${SCALAR})`
const COMMENT = '(?: +#.*| *)'

const HEAD = new RegExp(`^breakers:${COMMENT}$`)
const ONE_LINE = new RegExp(`^ *- +\\{ *(${PAIR}(?:, *${PAIR})*) *\\}${COMMENT}$`, 'u')
const FIRST_LINE = new RegExp(`^( *- +)(${PAIR})${COMMENT}$`, 'u')
const NEXT_LINE = new RegExp(`^( +)(${PAIR})${COMMENT}$`, 'u')
const PAIRS = new RegExp(`([A-Za-z]+): +(${LIST}|${SCALAR})`, 'gu')
const SCALARS = new RegExp(SCALAR, 'gu')

/** Undefined where nothing can be lifted. */
export function liftPlain(text: string): Lifted | undefined {
  // Several documents, or another version of YAML: nothing is plain.
  if (text.includes(MARK) || /^(?:%|---|\.\.\.)/m.test(text)) return undefined
  const lines = text.split('\n')
  const head = lines.findIndex((line) => HEAD.test(line))
  if (head < 0) return undefined
  const rest = lines.slice(0, head + 1)
  const runs: Plain[][] = []
  let run: { indent: number; items: Plain[] } | undefined
  let at = head + 1
  while (at < lines.length && !/^[^ #-]/.test(lines[at]!)) {
    const end = endOf(lines, at)
    const indent = indentOf(lines[at]!)
    const plain = readItem(lines.slice(at, end))
    if (!plain || run?.indent !== indent) run = undefined
    if (!plain) rest.push(...lines.slice(at, end))
    else if (run) run.items.push(plain)
    else {
      run = { indent, items: [plain] }
      rest.push(`${' '.repeat(indent)}- ${MARK}${runs.length}`)
      runs.push(run.items)
    }
    at = end
  }
  return runs.length === 0 ? undefined : { rest: [...rest, ...lines.slice(at)].join('\n'), runs }
}

/**
 * Puts what was lifted in place of its marks, in what the rest was read as. False where the marks are not all there as
 * members of the list: what looked plain was part of something else.
 */
export function putBack(root: unknown, runs: readonly Plain[][]): boolean {
  const { breakers } = (root ?? {}) as { breakers?: unknown }
  if (!Array.isArray(breakers)) return false
  let next = 0
  const whole = breakers.flatMap((one: unknown) => (one === `${MARK}${next}` ? runs[next++]! : [one]))
  ;(root as { breakers: unknown }).breakers = whole
  return next === runs.length
}

/** The line after the item that begins at a line: those that are indented more belong to it. */
function endOf(lines: readonly string[], at: number): number {
  let end = at + 1
  if (!/^ *- /.test(lines[at]!)) return end
  while (end < lines.length && indentOf(lines[end]!) > indentOf(lines[at]!)) end++
  return end
}

/** -1 of an empty line. */
const indentOf = (line: string): number => line.search(/[^ ]/)

function readItem([first = '', ...others]: readonly string[]): Plain | undefined {
  const line = others.length === 0 && ONE_LINE.exec(first)
  if (line) return readPairs(line[1]!)
  const begun = FIRST_LINE.exec(first)
  if (!begun) return undefined
  const pairs = [begun[2]!]
  for (const one of others) {
    const next = NEXT_LINE.exec(one)
    if (!next || next[1]!.length !== begun[1]!.length) return undefined
    pairs.push(next[2]!)
  }
  return readPairs(pairs.join(', '))
}

/** Undefined where a key stands twice, or a value is not plainly what it seems. */
function readPairs(text: string): Plain | undefined {
  const found: Plain = {}
  for (const [, key = '', written = ''] of text.matchAll(PAIRS)) {
    const value = written.startsWith('[')
      ? readList(written)
      : isIdKey(key) && /^\d+$/.test(written)
        ? written
        : readScalar(written)
    if (value === undefined || Object.hasOwn(found, key)) return undefined
    found[key] = value
  }
  return found
}

function readList(written: string): unknown[] | undefined {
  const values = (written.slice(1, -1).match(SCALARS) ?? []).map(readScalar)
  return values.includes(undefined) ? undefined : values
}

function readScalar(written: string): string | number | undefined {
  if (/^["']/.test(written)) return written.slice(1, -1)
  if (/^(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/.test(written)) return Number(written)
  // A word; a number with its unit, or before a Chinese one. Whatever else begins with a digit may be a number.
  const isText = /^(?:\p{L}|\d+[\p{Script=Han}smhd])/u.test(written)
  return isText && !/^(?:true|false|null)$/i.test(written) ? written : undefined
}
