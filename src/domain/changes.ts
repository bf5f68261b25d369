/** Fields that something gets; those of undefined are taken away. */
export type Changes<T> = { [K in keyof T]?: T[K] | undefined }

/** The same with those changes. */
export function changed<T extends object>(one: T, fields: Changes<T>): T {
  const merged = Object.entries({ ...one, ...fields })
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined)) as T
}
