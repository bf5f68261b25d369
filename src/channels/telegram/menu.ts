import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Locale } from '../../domain/card-text.ts'
import type { Log } from '../channel.ts'
import type { Client } from './client.ts'
import type { ApiFault } from './faults.ts'

/** A line of the list that opens with «/»: 1–32 of a-z, 0-9 and _, and what it does in 1–256 characters (documented). */
export interface MenuEntry {
  command: string
  description: string
}

export type Menus = Record<Locale, MenuEntry[]>

/** The menu of commands, in the language of whoever opens it. A convenience: no trouble with it hinders anything. */
export interface Menu {
  /** Brings the menu up to date in the background, if that has not been done. To be called when all is well. */
  offer(): void
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
}

/** Two letters (documented); everybody else has the list without a language. */
const LANGUAGES: Record<Locale, string | undefined> = { en: undefined, 'zh-CN': 'zh' }
/** So that a list of somebody else's for all chats stays as it is. */
const SCOPES = ['all_group_chats', 'all_private_chats']
const TRIES = 3

const current = z.array(z.object({ command: z.string(), description: z.string() }))

export function createMenu(client: Client, menus: Menus, log: Log): Menu {
  const lists = Object.entries(menus).flatMap(([locale, commands]) =>
    SCOPES.map((type) => ({ commands, list: { scope: { type }, ...language(locale as Locale) } })),
  )
  let tries = TRIES
  let running: Promise<void> | undefined

  /** Written only where it has changed: the clients of all members hear of each change. */
  async function bring({ commands, list }: (typeof lists)[number]): Promise<ApiFault | undefined> {
    const answer = await client.call('getMyCommands', list)
    if (!answer.ok) return answer.fault
    if (isDeepStrictEqual(current.safeParse(answer.result).data, commands)) return undefined
    const set = await client.call('setMyCommands', { commands, ...list })
    return set.ok ? undefined : set.fault
  }

  async function run(): Promise<void> {
    tries--
    for (const list of lists) {
      const fault = await bring(list)
      if (client.stopped.aborted) return
      if (fault) return log.warn({ why: fault.text }, 'the menu of commands could not be brought up to date')
    }
    tries = 0
  }

  return {
    offer() {
      if (tries === 0 || running) return
      running = run().finally(() => {
        running = undefined
      })
    },
    settled: async () => running,
  }
}

function language(locale: Locale): { language_code?: string } {
  const code = LANGUAGES[locale]
  return code === undefined ? {} : { language_code: code }
}
