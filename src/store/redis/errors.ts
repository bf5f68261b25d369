import { StoreError } from '../errors.ts'

/** Where the store is, without the password. */
export function placeOf(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}

/** Puts what Redis or the connection says into a sentence for the person who runs the service. */
export function explained(url: string, error: unknown): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error
  const [place, said] = [placeOf(url), error.message]
  if (/^OOM|MISCONF/.test(said))
    return new StoreError(
      'full',
      `${place} takes nothing more (${said}); give Redis more memory or disk.`,
      error,
    )
  if (/^(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|NOREPLICAS)/.test(said))
    return new StoreError('away', `${place} cannot write now: ${said}`, error)
  if (/^(NOAUTH|WRONGPASS|NOPERM)/.test(said))
    return new StoreError(
      'unreachable',
      `${place} refuses the login: ${said}; check the user and password in store.`,
      error,
    )
  if (/^(ERR|WRONGTYPE|NOSCRIPT)/.test(said)) return error
  return new StoreError('away', `${place} cannot be reached: ${said}.`, error)
}
