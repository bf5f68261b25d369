/** What the parts tell their doings through: pino's shape, so that tests can hand in a recorder. */
export interface Log {
  debug(details: object, message: string): void
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}
