import { z } from 'zod'
import { configSchema } from '../../src/config/schema.ts'

/** What may stand at a key, in words that the languages of the reference know; others are said as they are. */
export interface Value {
  form: string
  /** Of a list, or of what stands under names. */
  of?: Value
  /** Of several that may stand there. */
  choice?: Value[]
  least?: number | string
  most?: number | string
}

/** One key of the configuration. */
export interface Key {
  /** `breakers[].autoReclose.shots`; names that people choose are `<name>`. */
  path: string
  value: Value
  isRequired: boolean
  /** As it would be written. */
  fallback?: unknown
}

const shownOf = z.object({
  form: z.string().optional(),
  least: z.string().optional(),
  most: z.string().optional(),
})

/** All keys of the configuration, in the order of the schema. */
export function keysOfConfig(): Key[] {
  return keysIn(configSchema, '', { isRequired: true })
}

function keysIn(schema: z.core.$ZodType, path: string, so: Omit<Key, 'path' | 'value'>): Key[] {
  const { def } = schema._zod as { def: z.core.$ZodTypes['_zod']['def'] }
  const inner = (text: string, type: z.core.$ZodType) => keysIn(type, text, { isRequired: true })
  if (shown(schema).form === undefined) {
    if (def.type === 'object')
      return Object.entries(def.shape).flatMap(([key, type]) =>
        inner(path === '' ? key : `${path}.${key}`, type),
      )
    if (def.type === 'array' && holdsKeys(def.element)) return inner(`${path}[]`, def.element)
    if (def.type === 'record' && holdsKeys(def.valueType)) return inner(`${path}.<name>`, def.valueType)
  }
  if (def.type === 'optional' || def.type === 'nullable' || def.type === 'prefault')
    return keysIn(def.innerType, path, { ...so, isRequired: false })
  if (def.type === 'default')
    return keysIn(def.innerType, path, { ...so, isRequired: false, fallback: def.defaultValue })
  return [{ path, value: looksOf(schema), ...so }]
}

/** True for a block of keys, and for a list or names of such. */
function holdsKeys(schema: z.core.$ZodType): boolean {
  const { def } = schema._zod as { def: z.core.$ZodTypes['_zod']['def'] }
  return def.type === 'object'
}

function looksOf(schema: z.core.$ZodType): Value {
  const { form, ...bounds } = shown(schema)
  return form === undefined ? { ...plainValue(schema), ...bounds } : { form, ...bounds }
}

function plainValue(schema: z.core.$ZodType): Value {
  const { def } = schema._zod as { def: z.core.$ZodTypes['_zod']['def'] }
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'nullable':
      return looksOf(def.innerType)
    case 'pipe':
      return looksOf(def.in)
    case 'enum':
      return { form: Object.values(def.entries).join(', ') }
    case 'literal':
      return { form: def.values.map(String).join(', ') }
    case 'boolean':
      return { form: 'true, false' }
    case 'array':
      return { form: 'list', of: looksOf(def.element) }
    case 'record':
      return { form: 'names', of: looksOf(def.valueType) }
    case 'union':
      return { form: 'choice', choice: def.options.map(looksOf) }
    case 'number':
      return numberIn(schema)
    case 'object':
      return { form: 'block' }
    case 'string':
      return { form: 'text' }
    default:
      throw new Error(`the reference has no words for a value of the kind ${def.type}`)
  }
}

/** An integer of zod's is bounded by what JavaScript can count; that is nobody's bound. */
function numberIn(schema: z.core.$ZodType): Value {
  if (!(schema instanceof z.ZodNumber)) throw new Error('a number that is not of zod')
  const isBound = (one: number | null): one is number => one !== null && Math.abs(one) < 2 ** 53 - 1
  const { minValue: least, maxValue: most } = schema
  return {
    form: schema.isInt ? 'whole number' : 'number',
    ...(isBound(least) && { least }),
    ...(isBound(most) && { most }),
  }
}

function shown(schema: z.core.$ZodType): Pick<Value, 'least' | 'most'> & { form?: string } {
  const found = shownOf.safeParse(z.globalRegistry.get(schema) ?? {})
  return Object.fromEntries(Object.entries(found.data ?? {}).filter(([, one]) => one !== undefined))
}
