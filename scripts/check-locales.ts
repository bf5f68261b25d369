import { globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import { namedIn, sentencesIn, sourcesOf } from './locales/in-sources.ts'

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

/**
 * Checks all languages under a root: keys twice in a file, texts that cannot be read, keys and placeholders that differ,
 * keys that no source names, and sentences that stand in a source instead of here.
 */
export function checkLocales(root: string): Finding[] {
  const languages = globSync('locales/*.json', { cwd: root })
    .sort()
    .map((file) => textsIn(root, file))
  const sources = sourcesOf(root)
  return [
    ...languages.flatMap(findTwice),
    ...languages.flatMap((texts) => texts.flatMap(findBroken)),
    ...findMissing(languages),
    ...findDifferent(languages.flat()),
    ...findUnused(languages.flat(), namedIn(sources)),
    ...sentencesIn(sources).map(({ file, line, text }) => ({
      file,
      line,
      problem: `«${text}» is said in one language only; put it into locales/`,
    })),
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

function findUnused(texts: Text[], isNamed: (key: string) => boolean): Finding[] {
  return texts
    .filter(({ key }) => !isNamed(key))
    .map((one) => ({ ...placeOf(one), problem: `«${one.key}» is used nowhere; take it out` }))
}

/** Compares each text's placeholders with those of the first language that has it. */
function findDifferent(texts: Text[]): Finding[] {
  const first = new Map<string, Text>()
  return texts.flatMap((one) => {
    const other = first.get(one.key)
    if (!other) first.set(one.key, one)
    const [mine, theirs] = [placeholders(one), other && placeholders(other)]
    if (!other || typeof mine === 'string' || !theirs || typeof theirs === 'string') return []
    const names = new Set([...mine.keys(), ...theirs.keys()])
    const differing = [...names].sort().flatMap((name) => difference(name, mine.get(name), theirs.get(name)))
    if (differing.length === 0) return []
    return [
      {
        ...placeOf(one),
        problem: `«${one.key}» differs from ${other.file}:${other.line} in ${differing.join(', ')}`,
      },
    ]
  })
}

/** What stands for the same value must be of one kind; in a language without plurals a count may stand as it is. */
function difference(name: string, mine: string | undefined, theirs: string | undefined): string[] {
  if (mine === theirs) return []
  if (!mine || !theirs) return [`{${name}}`]
  const isCounted = [mine, theirs].every((kind) => COUNTS.includes(kind))
  return isCounted ? [] : [`{${name}} (${mine} here, ${theirs} there)`]
}

const COUNTS = ['plain', 'number', 'plural']

const placeOf = ({ file, line }: Text) => ({ file, line })

type Elements = ReturnType<IntlMessageFormat['getAst']>

/** The kinds of a text's placeholders by name, those inside plurals and choices included; a sentence where it cannot be read. */
function placeholders({ file, text }: Text): Map<string, string> | string {
  try {
    const locale = basename(file, '.json')
    const found = kindsIn(new IntlMessageFormat(text, locale, undefined, { ignoreTag: true }).getAst())
    // One that stands in several ways is of the kind that asks the most of its value.
    return new Map(found.sort(([, a], [, b]) => Number(a !== 'plain') - Number(b !== 'plain')))
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0]! : String(error)
  }
}

/** By the element types of the ICU parser; the others are no placeholder: literal text, and the # of a plural. */
const KINDS: Readonly<Record<number, string>> = {
  1: 'plain',
  2: 'number',
  3: 'date',
  4: 'time',
  5: 'choice',
  6: 'plural',
}

function kindsIn(elements: Elements): [name: string, kind: string][] {
  return elements.flatMap((element) => {
    const kind = KINDS[element.type]
    if (kind === undefined || !('value' in element)) return []
    if (!('options' in element)) return [[element.value, kind]]
    const { options, value } = element
    const inner = Object.values(options).flatMap((choice) => kindsIn(choice.value))
    // A choice is between certain words: all languages must know the same.
    const own = kind === 'choice' ? `choice of ${Object.keys(options).sort().join(' ')}` : kind
    return [[value, own], ...inner]
  })
}

function main(root = resolve(import.meta.dirname, '..')): number {
  const findings = checkLocales(root)
  for (const { file, line, problem } of findings) console.error(`${file}:${line} ${problem}`)
  if (findings.length === 0) console.log('the languages agree')
  return findings.length === 0 ? 0 : 1
}

if (import.meta.main) process.exitCode = main(process.argv[2])
