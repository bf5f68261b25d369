import { globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'

/** Something that is wrong with the texts of a language. */
export interface Finding {
  file: string
  line: number
  problem: string
}

interface Text {
  file: string
  key: string
  text: string
  line: number
}

/** Checks all languages under a root: keys twice in a file, texts that cannot be read, keys and placeholders that differ. */
export function checkLocales(root: string): Finding[] {
  const languages = globSync('locales/*.json', { cwd: root })
    .sort()
    .map((file) => textsIn(root, file))
  return [
    ...languages.flatMap(findTwice),
    ...languages.flatMap((texts) => texts.flatMap(findBroken)),
    ...findMissing(languages),
    ...findDifferent(languages.flat()),
  ]
}

/** Reads the entries off the text itself, for `JSON.parse` keeps the last of two equal keys and says nothing. */
function textsIn(root: string, file: string): Text[] {
  const source = readFileSync(join(root, file), 'utf8')
  const parsed: unknown = JSON.parse(source)
  const isFlat =
    typeof parsed === 'object' &&
    parsed !== null &&
    Object.values(parsed).every((one) => typeof one === 'string')
  if (!isFlat) throw new Error(`${file} must be one object of texts`)
  return [...source.matchAll(/("(?:\\.|[^"\\])*")\s*:\s*("(?:\\.|[^"\\])*")/g)].map((found) => ({
    file,
    key: JSON.parse(found[1]!),
    text: JSON.parse(found[2]!),
    line: source.slice(0, found.index).split('\n').length,
  }))
}

function findTwice(texts: Text[]): Finding[] {
  const first = new Map<string, number>()
  return texts.flatMap(({ file, key, line }) => {
    const before = first.get(key)
    if (before === undefined) first.set(key, line)
    return before === undefined
      ? []
      : [{ file, line, problem: `«${key}» stands at line ${before} already; take one out` }]
  })
}

function findBroken(one: Text): Finding[] {
  const names = placeholders(one)
  return typeof names === 'string'
    ? [{ ...placeOf(one), problem: `«${one.key}» cannot be read: ${names}` }]
    : []
}

function findMissing(languages: Text[][]): Finding[] {
  const all = new Map(languages.flat().map((one) => [one.key, one]))
  return languages.flatMap((texts) => {
    const own = new Set(texts.map((one) => one.key))
    const missing = [...all.values()].filter((one) => !own.has(one.key))
    return missing.map((one) => ({
      ...placeOf(one),
      problem: `«${one.key}» is missing in ${basename(texts[0]?.file ?? '')}; translate it`,
    }))
  })
}

/** Compares each text's placeholders with those of the first language that has it. */
function findDifferent(texts: Text[]): Finding[] {
  const first = new Map<string, Text>()
  return texts.flatMap((one) => {
    const other = first.get(one.key)
    if (!other) first.set(one.key, one)
    const [mine, theirs] = [placeholders(one), other && placeholders(other)]
    if (!other || typeof mine === 'string' || !theirs || typeof theirs === 'string') return []
    const differing = [...mine, ...theirs]
      .filter((name) => mine.has(name) !== theirs.has(name))
      .map((name) => `{${name}}`)
    if (differing.length === 0) return []
    return [
      {
        ...placeOf(one),
        problem: `«${one.key}» differs from ${other.file}:${other.line} in ${differing.join(', ')}`,
      },
    ]
  })
}

const placeOf = ({ file, line }: Text) => ({ file, line })

type Elements = ReturnType<IntlMessageFormat['getAst']>

/** The names of a text's placeholders, those inside plurals and choices included; a sentence where it cannot be read. */
function placeholders({ file, text }: Text): Set<string> | string {
  try {
    const locale = basename(file, '.json')
    return new Set(namesIn(new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).getAst()))
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0]! : String(error)
  }
}

/** Element types of the ICU parser that are no placeholder: literal text, and the # of a plural. */
const NO_NAME: readonly number[] = [0, 7]

function namesIn(elements: Elements): string[] {
  return elements.flatMap((element) => {
    if (NO_NAME.includes(element.type)) return []
    const own = 'value' in element ? [element.value] : []
    const choices = 'options' in element ? Object.values(element.options) : []
    return [...own, ...choices.flatMap((choice) => namesIn(choice.value))]
  })
}

function main(root = resolve(import.meta.dirname, '..')): number {
  const findings = checkLocales(root)
  for (const { file, line, problem } of findings) console.error(`${file}:${line} ${problem}`)
  if (findings.length === 0) console.log('the languages agree')
  return findings.length === 0 ? 0 : 1
}

if (import.meta.main) process.exitCode = main(process.argv[2])
