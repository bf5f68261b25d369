import { stringify } from 'yaml'
import type { Key, Value } from './keys.ts'
import type { Words } from './words.ts'

/** `<!-- keys thingboot. -->` begins the table of all keys that begin so, and no other such mark more closely. */
const TABLE = /<!-- keys( \S+)? -->\n[\s\S]*?<!-- end of keys -->/g

/**
 * The page with its tables made anew.
 * @throws where a key is in no table, or a table has none
 */
export function withTables(page: string, keys: readonly Key[], words: Words): string {
  const prefixes = [...page.matchAll(TABLE)].map(([, prefix = '']) => prefix.trim())
  const lost = keys.filter(({ path }) => placeOf(path, prefixes) === undefined)
  if (lost.length > 0) throw new Error(`no table takes ${lost.map((one) => one.path).join(', ')}`)
  return page.replaceAll(TABLE, (_, found: string = '') => {
    const prefix = found.trim()
    const own = keys.filter(({ path }) => placeOf(path, prefixes) === prefix)
    if (own.length === 0) throw new Error(`there are no keys for the table «${prefix}»`)
    const rows = own.map((key) => rowOf(key, prefix, words))
    const head = `| ${words.columns.join(' | ')} |\n| --- | --- | --- | --- |`
    return `<!-- keys${found} -->\n\n${[head, ...rows].join('\n')}\n\n<!-- end of keys -->`
  })
}

function placeOf(path: string, prefixes: readonly string[]): string | undefined {
  const fitting = prefixes.filter((prefix) => path.startsWith(prefix))
  return fitting.sort((a, b) => b.length - a.length)[0]
}

function rowOf({ path, value, isRequired, fallback }: Key, prefix: string, words: Words): string {
  const standing = isRequired ? words.required : written(value, fallback)
  const cells = [code(path.slice(prefix.length)), looks(value, words), standing, words.keys[path] ?? '']
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function looks(value: Value, words: Words): string {
  const { form, of, choice, least, most } = value
  if (choice) return choice.map((one) => looks(one, words)).join(', ')
  const known = words.forms[form]
  const text = known ?? form.split(', ').map(code).join(', ')
  const { bounds } = words
  const filled = text.replace('{of}', of ? looks(of, words) : '')
  if (least === undefined && most === undefined) return filled
  const bound = least === undefined ? bounds.most : most === undefined ? bounds.least : bounds.both
  return `${filled}${bound.replace('{least}', String(least)).replace('{most}', String(most))}`
}

/** A default as it would be written in the file. */
function written({ form }: Value, fallback: unknown): string {
  if (fallback === undefined || fallback === null || isEmpty(fallback)) return '–'
  if (form === 'duration' && typeof fallback === 'number') return code(inUnits(fallback))
  if (typeof fallback !== 'object') return code(String(fallback))
  return code(stringify(fallback, { collectionStyle: 'flow' }).trim())
}

const isEmpty = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0
const code = (text: string) => `\`${text}\``

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
] as const

/** ms → `7d`, `90s`; a minute is `1m`, nothing `0s`. */
function inUnits(ms: number): string {
  const [size, unit] = UNITS.find(([size]) => ms >= size && ms % size === 0) ?? [1000, 's']
  return `${ms / size}${unit}`
}
