import type { Entity } from '../api.ts'

/** Plain text with its entities, in UTF-16 units. */
export interface Formatted {
  text: string
  entities: Entity[]
}

/** What is wrong with the markup, in the official server's words. */
export class MarkupError extends Error {}

/** Errors name places in UTF-8 bytes, entities in UTF-16 units (seen in the official server). */
export function byteOffset(source: string, index: number): number {
  return Buffer.byteLength(source.slice(0, index))
}
