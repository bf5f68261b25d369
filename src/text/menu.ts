import type { Locale } from '../domain/card-text.ts'
import { type CommandName, wordFor } from '../domain/command.ts'
import { message } from '../domain/message.ts'
import { translator } from './translate.ts'

/**
 * What a chat's menu of commands offers. A menu sends at the first touch, so nothing is on it that does harm at once
 * where the breaker may be left out: opening, lifting a hold.
 */
const OFFERED = [
  'ack',
  'reclose',
  'status',
  'list',
  'energy',
  'history',
  'oncall',
  'hold',
  'off',
  'bind',
  'whoami',
  'help',
] as const satisfies CommandName[]

/** The menu in one language; the commands themselves are English, as platforms take nothing else. */
export function commandMenu(locale: Locale): { command: string; description: string }[] {
  // No moment is in these texts.
  const t = translator(locale, 'UTC')
  return OFFERED.map((name) => ({
    command: wordFor(name, 'en'),
    description: t(message(`menu.${name}`)),
  }))
}
