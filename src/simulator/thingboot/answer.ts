/** The envelope of every reply (documented: `code` 200 is success). */
export interface Answer {
  code: number
  msg: string
  data?: unknown
}

export const ok = (data?: unknown): Answer => ({
  code: 200,
  msg: 'success',
  ...(data !== undefined && { data }),
})
export const refuse = (code: number, msg: string): Answer => ({ code, msg })

/** Invented: the documented table of codes does not say what these cases give. */
export const INVENTED = {
  badExtra: 5098,
  noSuchInterface: 5097,
  badBody: 5096,
} as const
