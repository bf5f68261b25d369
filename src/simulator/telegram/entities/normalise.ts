import type { Entity } from '../api.ts'
import { detectEntities } from './detect.ts'
import type { Formatted } from './formatted.ts'

const STYLES = new Set(['bold', 'italic', 'underline', 'strikethrough', 'spoiler'])
const QUOTES = new Set(['blockquote', 'expandable_blockquote'])

/** Outer entities first where two cover the same text (the order seen in TDLib). */
const ORDER = ['blockquote', 'expandable_blockquote', 'pre', 'code', 'text_link', 'text_mention', 'date_time']

/**
 * Brings a text into the form in which the server keeps it: trimmed, without control characters, styles cut out of
 * code, entities in order, and those that Telegram finds by itself added.
 */
export function normalise({ text, entities }: Formatted): Formatted {
  const clean = trim({
    text: text.replaceAll(/(?![\t\n])\p{Cc}/gu, ' '),
    entities: inside(text, entities),
  })
  const code = clean.entities.filter(isCode)
  const kept = clean.entities.filter(
    (entity) => isCode(entity) || QUOTES.has(entity.type) || !within(entity, code),
  )
  const cut = [
    ...kept.filter((entity) => !STYLES.has(entity.type)),
    ...[...STYLES].flatMap((style) =>
      cover(
        kept.filter(({ type }) => type === style),
        code,
      ),
    ),
  ]
  const found = detectEntities(
    clean.text,
    cut.filter((entity) => !STYLES.has(entity.type) && !QUOTES.has(entity.type)),
  )
  return { text: clean.text, entities: [...cut, ...found].sort(compare) }
}

function isCode({ type }: Entity): boolean {
  return type === 'code' || type === 'pre'
}

function within(entity: Entity, others: Entity[]): boolean {
  const end = entity.offset + entity.length
  return others.some((other) => entity.offset >= other.offset && end <= other.offset + other.length)
}

function inside(text: string, entities: Entity[]): Entity[] {
  return entities
    .map((entity) => ({ ...entity, length: Math.min(entity.length, text.length - entity.offset) }))
    .filter((entity) => entity.offset >= 0 && entity.length > 0)
}

/** White space goes at the end, and at the beginning up to the first entity (seen in TDLib). */
function trim({ text, entities }: Formatted): Formatted {
  const first = Math.min(text.length, ...entities.map((entity) => entity.offset))
  const shift = Math.min(text.length - text.trimStart().length, first)
  const trimmed = text.trimEnd().slice(shift)
  return {
    text: trimmed,
    entities: inside(
      trimmed,
      entities.map((entity) => ({ ...entity, offset: entity.offset - shift })),
    ),
  }
}

/** The ranges of one style, joined where they touch and without those of `holes`. */
function cover(entities: Entity[], holes: Entity[]): Entity[] {
  const joined: Entity[] = []
  for (const entity of entities.toSorted((a, b) => a.offset - b.offset)) {
    const last = joined.at(-1)
    if (!last || entity.offset > last.offset + last.length) joined.push({ ...entity })
    else last.length = Math.max(last.length, entity.offset + entity.length - last.offset)
  }
  return holes.reduce((left, hole) => left.flatMap((entity) => without(entity, hole)), joined)
}

function without(entity: Entity, hole: Entity): Entity[] {
  const end = entity.offset + entity.length
  const holeEnd = hole.offset + hole.length
  if (holeEnd <= entity.offset || hole.offset >= end) return [entity]
  return [
    { ...entity, length: hole.offset - entity.offset },
    { ...entity, offset: holeEnd, length: end - holeEnd },
  ].filter(({ length }) => length > 0)
}

function compare(a: Entity, b: Entity): number {
  return a.offset - b.offset || b.length - a.length || rank(a) - rank(b)
}

function rank({ type }: Entity): number {
  const place = ORDER.indexOf(type)
  return place < 0 ? ORDER.length + [...STYLES].indexOf(type) : place
}
