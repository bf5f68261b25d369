import type { Worker } from '../store/store.ts'
import { createAdminWords } from './admins.ts'
import type { Aliases } from './aliases.ts'
import { createBrokenChats } from './broken-chats.ts'
import { createLinks, type LinkOptions } from './console/links.ts'
import { createOutgoing } from './outgoing.ts'
import type { Lookup, Parts } from './parts.ts'
import { QUEUE } from './queues.ts'
import { createSender } from './sending.ts'
import { createCardSweep } from './sweep.ts'
import { createUndelivered } from './undelivered.ts'

/** Brings things to chats, and sees to it that they arrive there or elsewhere. */
export function createDelivering(
  parts: Parts,
  lookup: Lookup,
  aliases: Aliases,
  linking: LinkOptions,
  sweepEvery?: number,
) {
  const { store } = parts
  const sweep = createCardSweep(parts, lookup, sweepEvery)
  const brokenChats = createBrokenChats(parts, lookup, sweep.wanted)
  const undelivered = createUndelivered(parts, lookup, brokenChats)
  const outgoing = createOutgoing(parts, aliases, brokenChats)
  const adminWords = createAdminWords(parts, lookup, outgoing)

  const link = createLinks(parts, lookup, outgoing, linking)

  return {
    /** Carries out the jobs of a platform's queue. */
    send: createSender(parts, lookup, outgoing, { adminWords, link }).run,
    work: (): Worker[] => [
      store.work(QUEUE.watch, { concurrency: 8, lease: 60_000 }, undelivered.run),
      store.work(QUEUE.admin, { concurrency: 1, lease: 120_000 }, adminWords.begin),
    ],
    sweep,
  }
}
