import { z } from 'zod'
import type { Entity } from '../api.ts'
import { badRequest } from '../errors.ts'
import type { Params } from '../params.ts'
import type { World } from '../world.ts'
import { type Formatted, MarkupError } from './formatted.ts'
import { parseHtml } from './html.ts'
import { parseMarkdown } from './markdown.ts'
import { parseMarkdownV2 } from './markdown-v2.ts'
import { normalise } from './normalise.ts'

const MAX_BYTES = 32_768

const GivenEntity = z.object({
  type: z.string(),
  offset: z.number().int(),
  length: z.number().int(),
  url: z.string().exactOptional(),
  language: z.string().exactOptional(),
  user: z.object({ id: z.number() }).exactOptional(),
  custom_emoji_id: z.string().exactOptional(),
  unix_time: z.number().exactOptional(),
  date_time_format: z.string().exactOptional(),
})

/** Limits after parsing, characters (documented). */
const MAX_TEXT = 4096
const MAX_CAPTION = 1024

/** The text of a message; throws what the Bot API says of an empty, a too long and a wrongly marked-up one. */
export function messageText(params: Params, world: World): Formatted {
  if (!params.string('text')) throw badRequest('Message text is empty')
  const formatted = read(params, 'text', 'entities', world)
  if (formatted.text === '') throw badRequest('Message text is empty')
  if (formatted.text.length > MAX_TEXT) throw badRequest('Message is too long')
  return formatted
}

/** The caption of a photo or file, which may be empty. */
export function captionText(params: Params, world: World): Formatted {
  const formatted = read(params, 'caption', 'caption_entities', world)
  if (formatted.text.length > MAX_CAPTION) throw badRequest('Message caption is too long')
  return formatted
}

function read(params: Params, field: string, entitiesField: string, world: World): Formatted {
  const text = params.string(field) ?? ''
  if (Buffer.byteLength(text) > MAX_BYTES) throw badRequest('Text is too long')
  const mode = params.string('parse_mode') ?? ''
  const formatted =
    mode === ''
      ? { text, entities: givenEntities(params, entitiesField) }
      : parse(text, mode, world.settings.level)
  return normalise({
    text: formatted.text,
    entities: formatted.entities.filter((entity) => isPossible(entity, world)),
  })
}

/** People whom Telegram does not know cannot be mentioned. */
function isPossible({ user }: Entity, world: World): boolean {
  return !user || world.users.has(user.id)
}

function parse(text: string, mode: string, level: number): Formatted {
  try {
    switch (mode.toLowerCase()) {
      case 'html':
        return parseHtml(text, level)
      case 'markdownv2':
        return parseMarkdownV2(text)
      case 'markdown':
        return parseMarkdown(text)
      default:
        throw badRequest('Unsupported parse_mode')
    }
  } catch (error) {
    if (error instanceof MarkupError) throw badRequest(`Can't parse entities: ${error.message}`)
    throw error
  }
}

function givenEntities(params: Params, field: string) {
  const entities = z.array(GivenEntity).safeParse(params.json(field) ?? [])
  if (!entities.success) throw badRequest("Can't parse entities: Expected an Array of MessageEntity")
  return entities.data
}
