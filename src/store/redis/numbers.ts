/** A number that JSON and Lua can hold. @throws TypeError */
export function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw new TypeError(`${what} is no number.`)
  return value
}
