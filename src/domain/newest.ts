/** Lets the oldest entries go until no more than so many are left. */
export function keepNewest(remembered: Map<unknown, unknown> | Set<unknown>, most: number): void {
  for (const oldest of remembered.keys()) {
    if (remembered.size <= most) return
    remembered.delete(oldest)
  }
}

/** Remembers a value by its key as the newest of all, and no more than so many. */
export function rememberNewest<K, T>(remembered: Map<K, T>, key: K, value: T, most: number): void {
  remembered.delete(key)
  remembered.set(key, value)
  keepNewest(remembered, most)
}
