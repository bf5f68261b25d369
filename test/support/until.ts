/** Waits until `look` gives something other than undefined or false; fails with what it waited for, at most `ms`. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  what = String(look),
  ms = 8000,
): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
