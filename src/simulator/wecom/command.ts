import type { JsonObject } from '../kit/json.ts'
import type { OpenCallback, World } from './world.ts'

/** One command of a subscribed client. */
export interface Command {
  world: World
  botId: string
  reqId: string
  body: JsonObject
  /** Accept it, but let nobody see it. */
  lose: boolean
}

/** The callback that a command answers, if it is this bot's and of the right kind. */
export function callbackFor(
  { world, botId, reqId }: Command,
  kind: OpenCallback['kind'],
): OpenCallback | undefined {
  const callback = world.callbacks.get(reqId)
  if (!callback || callback.botId !== botId) return undefined
  return callback.kind === kind || !world.settings.checkCallback ? callback : undefined
}
