/**
 * What can be wrong with a store as a whole. The message is a plain sentence that says what to do.
 * - `in-use`: another process has it open · `too-new`: written by a later version · `too-old`: by an earlier one (only
 *   for reading beside the service) · `foreign`: of another program
 * - `damaged`: not readable · `unreachable`: cannot be opened or made · `closed`: used after {@link Store.close}
 * - `unsafe`: it would lose what it has taken · `away`: it was there and is not now, try again · `full`: no room is left
 * - `failed`: what worked on it has ended by a fault; it can only be opened again
 */
export type StoreErrorCode =
  | 'in-use'
  | 'too-new'
  | 'too-old'
  | 'foreign'
  | 'damaged'
  | 'unreachable'
  | 'closed'
  | 'unsafe'
  | 'away'
  | 'full'
  | 'failed'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
