/** Where a store tells what went wrong; a pino logger will do. */
export interface StoreLog {
  warn(details: object, message: string): void
  error(details: object, message: string): void
}
