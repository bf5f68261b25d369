import type { Moment } from './message.ts'

/** The languages of the product. */
export type Locale = 'zh-CN' | 'en'

export type CardTone = 'alarm' | 'warning' | 'working' | 'good' | 'neutral'

/** What a button can ask for; new ones go to the end. `noop` stands on cards of platforms that insist on a button. */
export const BUTTON_ACTIONS = [
  'ack',
  'reclose',
  'energy',
  'confirm',
  'cancel',
  'noop',
  'stop',
  'normal',
  'mute-draw',
] as const
export type ButtonAction = (typeof BUTTON_ACTIONS)[number]

export interface CardButton {
  action: ButtonAction
  text: string
  style: 'primary' | 'danger' | 'plain'
  /** Opaque; comes back with the press. ASCII, at most 64 bytes (Telegram's limit). */
  data: string
  /** What may be typed instead of pressing it, whole: «合闸 3号增氧机». */
  typed?: string
}

/** A moment as it stands in a text, for platforms that can show it in each reader's own time. */
export interface ShownMoment extends Moment {
  text: string
}

/**
 * A card in one language, the same for all platforms: an adapter only lays it out. All strings are plain text
 * that the adapter escapes (names of breakers and people come from users).
 */
export interface CardText {
  /** What the card is about: stable over all its versions. */
  subject: string
  /** Grows with each change of the state that the card shows. */
  version: number
  locale: Locale
  tone: CardTone
  /** For example «过载跳闸 · 3号增氧机». */
  title: string
  /** One line under the title: state and local time. */
  subtitle: string
  /** The one moment in the subtitle, if there is one. */
  subtitleMoment?: ShownMoment
  /** Facts, in order of importance; `moment` is the one in the value. */
  rows: { label: string; value: string; moment?: ShownMoment }[]
  /** Whole sentences: evidence, what to do. */
  notes: string[]
  /** Who did what and when, oldest first. */
  story: string[]
  buttons: CardButton[]
  /** The whole card in one or two plain lines, for platforms and places that cannot show it. */
  summary: string
}

/** True for a card that waits for somebody, or is about to close by itself: without its buttons it is of no use. */
export const waitsForPress = ({ buttons }: CardText): boolean =>
  buttons.some(({ action }) => action === 'confirm' || action === 'stop')
