/** The file of a store that is one (`sqlite:FILE`); undefined for a Redis. */
export const fileOf = (store: string): string | undefined =>
  store.startsWith('sqlite:') ? store.slice('sqlite:'.length) : undefined
