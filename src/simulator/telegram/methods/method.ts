import type { Params } from '../params.ts'
import type { Bot, World } from '../world.ts'

/** One call of a Bot API method. */
export interface MethodCall {
  world: World
  bot: Bot
  params: Params
  /** Aborts when the client goes away. */
  signal: AbortSignal
  /** Sets the `description` of a success. */
  describe(text: string): void
}

/** Returns the `result`; throws an `ApiError` to refuse. */
export type Method = (call: MethodCall) => unknown
