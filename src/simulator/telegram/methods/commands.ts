import { z } from 'zod'
import { badRequest } from '../errors.ts'
import { createParams } from '../params.ts'
import { readableChat } from './chat-access.ts'
import type { Method, MethodCall } from './method.ts'

const MAX_COMMANDS = 100
const Commands = z.array(z.looseObject({ command: z.string(), description: z.string() }))
const Scope = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators']),
  }),
  z.object({ type: z.enum(['chat', 'chat_administrators']), chat_id: z.union([z.number(), z.string()]) }),
  z.object({
    type: z.literal('chat_member'),
    chat_id: z.union([z.number(), z.string()]),
    user_id: z.number().int(),
  }),
])

export const setMyCommands: Method = (call) => {
  const parsed = Commands.safeParse(call.params.json('commands'))
  if (!parsed.success) throw badRequest("Can't parse commands: Expected an Array of BotCommand")
  const commands = parsed.data.map(({ command, ...rest }) => ({
    ...rest,
    command: command.replace(/^\//, ''),
  }))
  if (commands.length > MAX_COMMANDS) throw badRequest('BOT_COMMANDS_TOO_MUCH')
  for (const { command, description } of commands) {
    if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID')
    if (description.length < 1 || description.length > 256)
      throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID')
  }
  call.bot.commands.set(listKey(call), commands)
  return true
}

export const getMyCommands: Method = (call) => call.bot.commands.get(listKey(call)) ?? []

export const deleteMyCommands: Method = (call) => {
  call.bot.commands.delete(listKey(call))
  return true
}

/** Names the list of a scope and a language. */
function listKey(call: MethodCall): string {
  const { params } = call
  const language = params.string('language_code') ?? ''
  if (!/^([a-z]{2})?$/.test(language)) throw badRequest('Invalid language code specified')
  const scope = Scope.safeParse(params.json('scope') ?? { type: 'default' })
  if (!scope.success) throw badRequest("Can't parse BotCommandScope: Unsupported type specified")
  if ('chat_id' in scope.data) readableChat({ ...call, params: createParams(scope.data, new Map()) })
  return `${JSON.stringify(scope.data)} ${language}`
}
