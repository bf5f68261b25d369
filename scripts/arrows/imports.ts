/** One import of a file. */
export interface Import {
  line: number
  /** As written; undefined where it is not a plain text, so that nobody can check it. */
  specifier: string | undefined
  /** The whole statement brings in types only. */
  typeOnly: boolean
  /** Loaded only when it is reached: `import(…)`. */
  isLazy: boolean
}

const BEFORE_REGEX = String.raw`(?<=[(,=:[!&|?{};>]\s*|\breturn\s+|^\s*)`
const SKIPPED = new RegExp(
  [
    String.raw`\/\*[\s\S]*?\*\/`,
    String.raw`\/\/[^\n]*`,
    String.raw`'(?:\\.|[^'\\\n])*'`,
    String.raw`"(?:\\.|[^"\\\n])*"`,
    '`(?:\\\\[\\s\\S]|[^`\\\\])*`',
    String.raw`${BEFORE_REGEX}\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/`,
  ].join('|'),
  'gm',
)

const STATEMENT =
  /^[ \t]*(?:import\s+(type\s+)?(?:[^'"`;=()]*?\sfrom\s*)?|export\s+(type\s+)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})\s*from\s*)(['"])( *)\3/dgm
const CALL = /\bimport\s*\(\s*(?:(['"])( *)\1)?/dg

/** All imports of a source: `import`, `import type`, `export … from`, and `import(…)` in code and in types. */
export function importsOf(source: string): Import[] {
  const code = skeletonOf(source)
  const placeOf = (range: [number, number] | undefined, index: number) => ({
    line: code.slice(0, range?.[0] ?? index).split('\n').length,
    specifier: range && source.slice(...range),
  })
  const statements = [...code.matchAll(STATEMENT)].map((found) => ({
    ...placeOf(found.indices?.[4], found.index),
    typeOnly: Boolean(found[1] ?? found[2]),
    isLazy: false,
  }))
  const calls = [...code.matchAll(CALL)].map((found) => ({
    ...placeOf(found.indices?.[2], found.index),
    typeOnly: false,
    isLazy: true,
  }))
  return [...statements, ...calls]
}

/** The source with blanks for comments, templates, expressions and what stands in quotes; every character keeps its place. */
function skeletonOf(source: string): string {
  return source.replace(SKIPPED, (found) => {
    const blanks = found.replace(/[^\n]/g, ' ')
    return /^['"]/.test(found) ? found[0] + blanks.slice(2) + found[0] : blanks
  })
}
