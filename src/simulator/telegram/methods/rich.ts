import { z } from 'zod'
import { ApiError, badRequest } from '../errors.ts'
import type { Message } from '../world.ts'
import type { MethodCall } from './method.ts'

const RichMessage = z.looseObject({
  html: z.string().exactOptional(),
  markdown: z.string().exactOptional(),
  blocks: z.array(z.unknown()).max(500).exactOptional(),
})

/** Rich messages came with 10.1 (documented). */
const SINCE = 10.1
const MAX_TEXT = 32_768

/** The `rich_message` of a call: exactly one form of it, within its limits (documented). Its inside is not parsed. */
export function richMessage({
  world,
  params,
}: MethodCall): Pick<Message, 'kind' | 'rich' | 'text' | 'entities'> {
  if (world.settings.level < SINCE) throw new ApiError(404, 'Method not found')
  const parsed = RichMessage.safeParse(params.json('rich_message'))
  if (!parsed.success) throw badRequest("Can't parse rich message")
  const { html, markdown, blocks } = parsed.data
  const forms = [html, markdown, blocks && JSON.stringify(blocks)].filter((form) => form !== undefined)
  if (forms.length !== 1) throw badRequest('Exactly one of html, markdown and blocks must be specified')
  const text = forms[0]!
  if (text.trim() === '' || blocks?.length === 0) throw badRequest('Message text is empty')
  if (text.length > MAX_TEXT) throw badRequest('Message is too long')
  return { kind: 'rich', rich: parsed.data, text, entities: [] }
}
