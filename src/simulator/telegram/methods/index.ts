import * as chats from './chats.ts'
import * as commands from './commands.ts'
import * as editing from './editing.ts'
import type { Method } from './method.ts'
import { answerCallbackQuery } from './presses.ts'
import * as sending from './sending.ts'
import * as updates from './updates.ts'

/** All methods that the simulator knows, under their documented names. */
const METHODS: Record<string, Method> = {
  ...updates,
  ...sending,
  ...editing,
  ...chats,
  ...commands,
  answerCallbackQuery,
}

const BY_LOWER_CASE = new Map(
  Object.entries(METHODS).map(([name, run]) => [name.toLowerCase(), { name, run }]),
)

/** Method names are case-insensitive (documented). */
export function findMethod(name: string): { name: string; run: Method } | undefined {
  return BY_LOWER_CASE.get(name.toLowerCase())
}
