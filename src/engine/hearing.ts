import type { Store } from '../store/store.ts'

/** A word may be missed: how often the store is asked as well, ms. */
const LOOK_EVERY = 60_000

/**
 * Hears what other instances tell, and asks the store now and then all the same.
 * @param look must not reject
 * @returns what ends it
 */
export function hearAndLook(
  store: Pick<Store, 'hear'>,
  topic: string,
  heard: (word: unknown) => void,
  look: () => void,
): () => void {
  const deafen = store.hear(topic, heard)
  const looking = setInterval(look, LOOK_EVERY)
  return () => {
    clearInterval(looking)
    deafen()
  }
}
