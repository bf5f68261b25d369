/**
 * JSON with sorted keys, so that equal values have equal texts. Keys that are whole numbers come first, in their
 * order, as in every object. Digests on disk depend on it: its texts never change.
 * @param value JSON; what is undefined is left out, in a list it is null
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const fields = value as Record<string, unknown>
  const texts: string[] = []
  for (const key of sortedKeys(fields)) {
    const part = fields[key]
    if (part !== undefined) texts.push(`${JSON.stringify(key)}:${canonicalJson(part)}`)
  }
  return `{${texts.join(',')}}`
}

const DIGIT = /^\d/

function sortedKeys(fields: Record<string, unknown>): string[] {
  const keys = Object.keys(fields).sort()
  return keys.some((key) => DIGIT.test(key))
    ? Object.keys(Object.fromEntries(keys.map((key) => [key, 0])))
    : keys
}
