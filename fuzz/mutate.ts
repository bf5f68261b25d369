import fc from 'fast-check'

/** Values that have broken somebody's program before. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  false,
  '',
  0,
  -0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 53,
  10_000_000_000,
  9_999_999_999_999,
  '1e999',
  'NaN',
  '-1',
  '0x10',
  '１２３',
  [],
  {},
  [[]],
  [null],
  { id: 820720 },
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '{"__proto__":{"admin":true}}',
  '{"device":820720,"data":{"power":"0"}}',
  '[[[[[[[[',
  '\u0000',
  '\ud83d',
  '\u202e\u2066',
  '\ufeff{}',
  '断'.repeat(300),
  ' '.repeat(2000),
  'a'.repeat(5000),
  '@a '.repeat(500),
  '%00%2e%2e%2f',
  '{count, plural, one {x}}',
  "'; drop table jobs; --",
  '<script>alert(1)</script>',
  'http://169.254.169.254/latest/meta-data',
]

/** Names of fields that mean something to JavaScript itself. */
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'length', 'then', 'toJSON', '', '0']

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.integer() },
)

const HOWS = ['replace', 'replace', 'remove', 'rename', 'add', 'wrap', 'text', 'again', 'swap'] as const

interface Edit {
  /** Which place of all, and which other one. */
  at: number
  other: number
  how: (typeof HOWS)[number]
  value: unknown
  name: string
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  other: fc.nat(),
  how: fc.constantFrom(...HOWS),
  value,
  name: fc.constantFrom(...NAMES),
})

/** Samples with something in them replaced, removed, renamed, added, wrapped, written as text, repeated or swapped. */
export function mutated(samples: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(edit, { maxLength: 4 }))
    .map(([sample, edits]) => edits.reduce(applied, structuredClone(sample)))
}

type Holder = Record<string, unknown> | unknown[]

function applied(root: unknown, { at, other, how, value: given, name }: Edit): unknown {
  // Of its own, for the next edit may change it.
  const value = structuredClone(given)
  // The root is a place like any other.
  const box: [unknown] = [root]
  const places = placesIn(box)
  const [holder, key] = places[at % places.length]!
  const old = get(holder, key)
  switch (how) {
    case 'replace':
      put(holder, key, value)
      break
    case 'remove':
      if (holder !== box) Reflect.deleteProperty(holder, key)
      break
    case 'rename':
      if (holder !== box) Reflect.deleteProperty(holder, key)
      put(holder === box ? box : holder, holder === box ? '0' : name, old)
      break
    case 'add':
      put(
        old !== null && typeof old === 'object' ? (old as Holder) : holder,
        holder === box ? '0' : name,
        value,
      )
      break
    case 'wrap':
      put(holder, key, other % 2 === 0 ? [old, value] : { data: old, [name]: value })
      break
    case 'text':
      put(holder, key, JSON.stringify(old) ?? '')
      break
    case 'again':
      if (sizeOf(old) < MOST_REPEATED)
        put(
          holder,
          key,
          Array.from({ length: 2 + (other % 30) }, () => old),
        )
      break
    case 'swap': {
      const [holder2, key2] = places[other % places.length]!
      const copy = structuredClone(get(holder2, key2))
      put(holder, key, copy)
    }
  }
  return box[0]
}

/** At most so many: what is edited may have been repeated by the edit before. */
const MOST_PLACES = 500

/** What is larger than this in JSON is not repeated: inputs are to be strange, not huge. */
const MOST_REPEATED = 4000
const sizeOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0

function placesIn(box: [unknown]): [Holder, string][] {
  const places: [Holder, string][] = []
  const walk = (holder: Holder): void => {
    for (const key of Object.keys(holder)) {
      if (places.length >= MOST_PLACES) return
      places.push([holder, key])
      const inner = get(holder, key)
      if (inner !== null && typeof inner === 'object') walk(inner as Holder)
    }
  }
  walk(box)
  return places
}

const get = (holder: Holder, key: string): unknown => Object.getOwnPropertyDescriptor(holder, key)?.value

/** `__proto__` becomes a field like any other, as `JSON.parse` makes it. */
function put(holder: Holder, key: string, value: unknown): void {
  // What JSON cannot say comes from nowhere.
  if (Array.isArray(holder) && !/^\d+$/.test(key)) return
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

interface Cut {
  at: number
  length: number
  with: string
}

const cut: fc.Arbitrary<Cut> = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 20 }),
  with: fc.oneof(
    fc.constantFrom(
      '',
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '\\',
      '&',
      '=',
      '%',
      '\n',
      '\u0000',
      '\ufeff',
      '[[[[',
    ),
    fc.constantFrom(
      ...NAMES,
      ' '.repeat(300),
      '9'.repeat(400),
      '@x ',
      '/',
      '：',
      '｛',
      '__proto__":{',
      '1e999',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  ),
})

/** Texts with up to so many pieces cut out, put in or replaced. */
export function torn(texts: fc.Arbitrary<string>, most = 3): fc.Arbitrary<string> {
  return fc.tuple(texts, fc.array(cut, { maxLength: most })).map(([text, cuts]) =>
    cuts.reduce((left, { at, length, with: piece }) => {
      const from = at % (left.length + 1)
      return left.slice(0, from) + piece + left.slice(from + length)
    }, text),
  )
}

/** Bodies: JSON of mutated samples, also torn, as a form, or nothing of the kind. */
export function bodies(samples: readonly unknown[]): fc.Arbitrary<string> {
  const json = mutated(samples).map((one) => JSON.stringify(one) ?? '')
  return fc.oneof(
    { weight: 5, arbitrary: json },
    { weight: 3, arbitrary: torn(json) },
    { weight: 1, arbitrary: json.map((text) => new URLSearchParams({ data: text }).toString()) },
    { weight: 1, arbitrary: mutated(samples).map(asForm) },
    { weight: 1, arbitrary: json.map((text) => encodeURIComponent(text.toWellFormed())) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
    { weight: 1, arbitrary: fc.json() },
  )
}

function asForm(value: unknown): string {
  const fields = value !== null && typeof value === 'object' ? Object.entries(value) : [['body', value]]
  return new URLSearchParams(
    fields.map(([key, inner]) => [
      String(key),
      typeof inner === 'string' ? inner : (JSON.stringify(inner) ?? ''),
    ]),
  ).toString()
}
