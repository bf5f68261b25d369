/** Lets the oldest entries go until no more than so many are left. */
export function keepNewest(remembered: Map<string, unknown> | Set<string>, most: number): void {
  for (const oldest of remembered.keys()) {
    if (remembered.size <= most) return
    remembered.delete(oldest)
  }
}
