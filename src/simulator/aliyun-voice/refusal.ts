/** An answer that ends the work: business codes come in HTTP 200, those of the gateway with a status of their own. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}
