/**
 * Waits until `look` gives something other than undefined or false; fails with what it waited for, after `ms`. The limit
 * is wide, for it only says when something will not come: a busy machine may need long for what takes moments elsewhere.
 */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  what = String(look),
  ms = 20_000,
): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
