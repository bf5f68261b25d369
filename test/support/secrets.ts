/** How a secret may look where it should not be: plain, in an address, in hex, in base64 at each of its three beginnings. */
function looksOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  // The letters in base64 that nothing before or behind can change.
  const packed = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before, 1), bytes, Buffer.alloc(3, 1)]).toString('base64')
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)]
    return whole.slice(from, to)
  })
  const written = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
  ]
  return [...written, ...packed, ...packed.map((one) => one.replaceAll('+', '-').replaceAll('/', '_'))]
}

/** Which secrets stand in a text in any form, each with what stands around it. */
export function leaksIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  const lower = text.toLowerCase()
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const look = looksOf(secret).find((one) => text.includes(one) || lower.includes(one.toLowerCase()))
    if (look === undefined) return []
    const at = lower.indexOf(look.toLowerCase())
    return [`${name} as «${look}» in «${text.slice(Math.max(0, at - 120), at + look.length + 40)}»`]
  })
}
