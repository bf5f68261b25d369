import type {
  ChannelName,
  ChatAnswer,
  ChatChannel,
  ChatInput,
  Delivery,
} from '../../../src/channels/channel.ts'
import type { SimClock } from '../../../src/simulator/kit/clock.ts'
import type { Gate } from './gate.ts'

/** What hangs is waited for so long, ms; whatever else is called answers sooner on a busy machine, too. */
export const GIVEN_UP = 1500
/** Two of them unanswered end a connection, ms: a busy machine answers sooner. */
export const PING_EVERY = 500

/** An adapter in front of its simulator, with a wire between the two and everything recorded that it says. */
export interface ChannelRig {
  readonly channel: ChatChannel
  readonly gate: Gate
  /** The platform's clock. */
  readonly clock: SimClock
  /** The chat that all this happens in. */
  readonly group: string
  /** What the engine was handed, in order. */
  readonly inputs: ChatInput[]
  /** What was logged: level, message, details. */
  readonly lines: string[]
  /** None of these may be told to anyone. */
  secrets(): string[]
  /** How the engine behaves; by default it takes all and answers nothing. */
  engine: { receive(input: ChatInput): { taken?: Promise<void>; answer?: Promise<ChatAnswer> } }
  /** Starts and goes on at once. */
  begin(): Promise<void>
  /** Starts and waits until it is ready. */
  start(): Promise<void>
  /** What people in the chat see of the bot, oldest first. */
  shown(): Shown[]
  /** Somebody presses a button of a card; resolves with whether the presser was shown anything in time. */
  press(message: string, data: string): Promise<boolean>
  /** Somebody writes a line to the bot. Returns the platform's own name for it, if it gives one. */
  write(text: string): string | undefined
  /** How many connections for receiving the platform counts as open. */
  connections(): number
  /** How often the adapter has asked for the right to receive. */
  attempts(): number
  close(): Promise<void>
}

export interface Shown {
  /** All that can be read of it, markup as such left out where the platform knows of any. */
  text: string
  buttons: string[]
  /** What would open something when it is tapped. */
  links: string[]
  /** The picture that it shows. */
  picture?: Uint8Array
}

/** Why a platform has no such row: a sentence. */
export type Lacks = string

/** What can go wrong with a message, by its meaning. */
export const MEANINGS = [
  'throttled, and told how long',
  'throttled, and not told',
  'monthly quota used up',
  'bot taken out of the chat',
  'chat gone',
  'chat moved',
  'card template missing',
  'permission missing',
  'credentials refused',
  'credential expired once',
  'server error',
  'slow',
  'web page in place of an answer',
  'torn answer',
  'answer lost after the work',
  'gateway gave up after the work',
  'connection lost before the work',
  'no answer in time',
  'connection refused',
  'hung',
] as const
export type Meaning = (typeof MEANINGS)[number]

export const DEEDS = ['card', 'text', 'update'] as const
export type Deed = (typeof DEEDS)[number]

/** Something that goes wrong with the next message, and what must come of it. */
export interface Mishap<R extends ChannelRig = ChannelRig> {
  /** Brings it about; what it returns mends it before the same is sent again. */
  cause(rig: R): unknown
  /** What the adapter says, `why` and `message` aside. */
  becomes: Partial<Delivery> & Pick<Delivery, 'outcome'>
  /** What `why` must say beside, where a person has to mend it. */
  says?: RegExp
  /** How often the new state is seen in the chat then. */
  seen: number
  /** How often after the same was sent again with the same key; left out where it must not be sent again. */
  again?: number
}

export type Rows<R extends ChannelRig> = Record<Meaning, Lacks | Record<Deed, Mishap<R> | Lacks>>

/** What can go wrong with a picture. */
export const PICTURE_MISHAPS = [
  'upload refused',
  'upload slow',
  'upload lost before the work',
  'upload lost after the work',
  'upload not answered',
  'credential expired once',
  'text throttled',
  'chat gone',
  'picture refused after its text',
  'picture not answered after its text',
  'connection refused',
  'hung',
] as const
export type PictureMishap = (typeof PICTURE_MISHAPS)[number]

/** What is seen: how often the text, how many pictures, and how often the words that stand for one. */
export type Sight = { texts: number; pictures: number; words: number }

export interface PictureRow<R extends ChannelRig = ChannelRig> {
  /** Brings it about; what it returns mends it before the same is sent again. */
  cause(rig: R): unknown
  becomes: Partial<Delivery> & Pick<Delivery, 'outcome'>
  seen: Sight
  /** After the same was sent again with the same key; left out where it must not be sent again. */
  again?: Partial<Sight>
}

/** What can go wrong with receiving. */
export const TROUBLES = [
  'connection refused',
  'connection reset',
  'connection half open',
  'connection hung',
  'server error',
  'web page in place of an answer',
  'torn answer',
  'credentials refused',
  'second instance',
] as const
export type Trouble = (typeof TROUBLES)[number]

/** Something that goes wrong with receiving, and what must come of it. */
export interface Ordeal<R extends ChannelRig = ChannelRig> {
  /** Begins it; what it returns ends it. Returns nothing where the adapter has to get over it by itself. */
  cause(rig: R): unknown
  /** What health says while it lasts. Left out: the connection need not even be lost. */
  health?: { state: 'waiting' | 'failed'; says: RegExp }
  /** The least ms between two attempts, while it lasts: nothing is hammered. */
  spacing?: number
}

/** Does a deed so that the platform delivers it twice. The deed returns the platform's name for it, if there is one. */
export type Twice<R extends ChannelRig> = (rig: R, deed: () => string | undefined) => unknown

/** A platform, as far as the conformance suite has to know it. */
export interface Platform<R extends ChannelRig = ChannelRig> {
  name: ChannelName
  /** @param patient pauses between attempts are as long as in production, or longer */
  open(options?: { patient?: boolean }): Promise<R>
  rows: Rows<R>
  pictures: Record<PictureMishap, PictureRow<R> | Lacks>
  /** Bytes that a picture may have. */
  largestPicture: number
  troubles: Record<Trouble, Ordeal<R> | Lacks>
  twice: Record<'press' | 'text', Twice<R>>
  /** How long a press can be answered, ms of the platform's clock. */
  answerWindow: number
}

/** The same for all three. */
export const each = <T>(it: T): Record<Deed, T> => ({ card: it, text: it, update: it })
