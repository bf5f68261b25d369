/** A value as JSON text. @throws TypeError for what JSON cannot hold, such as undefined */
export function toJson(value: unknown, what: string): string {
  const json = JSON.stringify(value)
  if (json === undefined) throw new TypeError(`${what} cannot be written as JSON.`)
  return json
}
