import { z } from 'zod'
import { distance } from '../domain/command.ts'
import { configSchema } from './schema.ts'

/** One thing wrong with the configuration: where, what, and how to mend it. */
export interface ConfigFault {
  /** `breakers[0].ratedCurrent` */
  path: string
  /** Line in the file, where known. */
  line?: number
  problem: string
}

export type Path = readonly PropertyKey[]

/** A fault whose line is still to be looked up. */
export interface Finding {
  path: Path
  problem: string
}

export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}

/** zod's issues as faults: an unknown key names the nearest known one, a missing key says so. */
export function explain(issues: readonly z.core.$ZodIssue[]): Finding[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(configSchema, issue.path)
      return issue.keys.map((key) => ({ path: [...issue.path, key], problem: unknownKey(key, known) }))
    }
    return [{ path: issue.path, problem: problemOf(issue) }]
  })
}

function problemOf(issue: z.core.$ZodIssue): string {
  const isMissing = issue.input === undefined
  // zod's own words are in its own style; what the schema says itself stands as it is.
  const isOwn = !/^(Invalid|Too) /.test(issue.message)
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = expected(issue.expected)
      if (isOwn) return isMissing ? `is missing: it ${issue.message}` : issue.message
      const quotes =
        issue.expected === 'string' && typeof issue.input !== 'object' ? ': put it in quotes' : ''
      return isMissing ? `is missing: ${wanted}` : `is not ${wanted}${quotes}`
    }
    case 'invalid_value': {
      const choice = issue.values.map(String).join(' or ')
      return isMissing ? `is missing: ${choice}` : `must be ${choice}`
    }
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message
    case 'too_big':
      return isOwn ? issue.message : `must be at most ${issue.maximum}`
    case 'too_small':
      return isOwn ? issue.message : `must be at least ${issue.minimum}`
    default:
      return issue.message
  }
}

function expected(type: string): string {
  const words: Record<string, string> = {
    string: 'text',
    object: 'a block of keys',
    array: 'a list (lines beginning with -)',
    boolean: 'true or false',
    number: 'a number',
    int: 'a whole number',
    record: 'a block of names',
  }
  return words[type] ?? type
}

function unknownKey(key: string, known: string[]): string {
  const nearest = known
    .map((one) => ({ one, far: distance(key.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)[0]
  const close = nearest && nearest.far <= Math.max(2, Math.floor(nearest.one.length / 3))
  return `is not a known key${close ? `; did you mean «${nearest.one}»?` : `; known here: ${known.join(', ')}`}`
}

/** The keys that the schema knows at a path. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const here = bare(schema)
  const [first, ...rest] = path
  if (here instanceof z.ZodObject) {
    if (first === undefined) return Object.keys(here.shape)
    const next = here.shape[String(first)]
    return next ? keysAt(next, rest) : []
  }
  if (here instanceof z.ZodArray) return keysAt(here.element, rest)
  if (here instanceof z.ZodRecord) return keysAt(here.valueType, rest)
  return []
}

/** The schema inside `optional`, `default`, `nullable`. */
function bare(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  ) {
    return bare(schema.def.innerType)
  }
  return schema
}
