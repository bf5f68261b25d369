import { badRequest } from '../errors.ts'
import type { OpenPress } from '../world.ts'
import type { Method, MethodCall } from './method.ts'

const MAX_TEXT = 200

/** The press of that `callback_query.id`, while its window is open. */
export function pressOf({ world, bot }: MethodCall, id: string): OpenPress {
  const press = world.presses.get(id)
  const isOpen = press && world.clock.now() - press.at <= world.settings.answerWindow
  if (!isOpen || press.bot !== bot.user.id) throw tooOld()
  return press
}

const tooOld = () => badRequest('Query is too old and response timeout expired or query ID is invalid')

export const answerCallbackQuery: Method = (call) => {
  const { params } = call
  const press = pressOf(call, params.string('callback_query_id') ?? '')
  if (press.answered) throw tooOld()
  const text = params.string('text')
  const url = params.string('url')
  if (text && text.length > MAX_TEXT) throw badRequest('MESSAGE_TOO_LONG')
  press.answered = true
  press.answer({ showAlert: params.boolean('show_alert'), ...(text && { text }), ...(url && { url }) })
  return true
}
