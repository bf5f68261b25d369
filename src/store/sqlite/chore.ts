/**
 * One kind of tidying up: does a small step of it, within a transaction, and says whether more is to be done. It
 * must be able to go on wherever it was left, also by the end of the process.
 */
export type Chore = (now: number) => boolean
