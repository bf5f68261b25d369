import type { Handed, Way } from '../../../src/channels/way.ts'

/** How a connection may go wrong. `drip`: the answer comes, byte by byte, without end. */
export const TROUBLES = ['reset', 'hang', 'html', 'torn', 'drip'] as const
export type Trouble = (typeof TROUBLES)[number]

/** A way against a server on loopback that it cannot tell from the real one. */
export interface WayRig {
  way: Way
  /** Another instance against the same server, as after a restart. */
  again(): Way
  /** One against a port where nobody listens. */
  nowhere(): Promise<Way>
  /** Whom the way reaches. */
  to: string
  /** Everything that the server took, oldest first, each as readable text. */
  taken(): Promise<string[]>
  hurt(trouble: Trouble): void
  /** Requests or mails that have been begun. */
  begun(): number
  /** Connections that the server still has. */
  connections(): number
  /** None of them may be told. */
  secrets: string[]
  /** What was logged. */
  lines: string[]
  close(): Promise<void>
}

/** A row of a way's table: what the far end says, and what that means. */
export interface Row<Rig extends WayRig = WayRig> {
  name: string
  /** Makes the server answer so. */
  answer(rig: Rig): void
  expected: Partial<Record<'outcome' | 'why' | 'code' | 'retryAfter', unknown>>
}

export interface WayKind<Rig extends WayRig = WayRig> {
  name: string
  /** @param within ms for one notice as a whole */
  create(within: number): Promise<Rig>
  rows: Row<Rig>[]
  /** What each trouble means. */
  troubles: Record<Trouble, Handed['outcome']>
  /** The name of a thing as it arrives, where the way may not carry all of it. */
  arrives?(name: string): string
}
