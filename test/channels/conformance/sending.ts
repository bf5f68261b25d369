import { describe, expect, test } from 'vitest'
import type { Delivery } from '../../../src/channels/channel.ts'
import { sampleCards } from '../../support/cards.ts'
import { notHere } from './not-here.ts'
import { type ChannelRig, DEEDS, type Deed, MEANINGS, type Mishap, type Platform } from './rig.ts'
import { withRig } from './with-rig.ts'

const CARDS = sampleCards('en')
const FIRST = CARDS.open!
const NEXT = CARDS.acknowledged!
const TEXT = 'Pump 3 is offline.'

/** A deed, and how often what it brings is to be seen. */
interface Try {
  run(): Promise<Delivery>
  seen(): number
}

/** What may go wrong with a message: what the adapter says of it, and what people see. */
export function sendingConformance<R extends ChannelRig>(platform: Platform<R>): void {
  describe.each(MEANINGS)('%s', (meaning) => {
    const rows = platform.rows[meaning]
    if (typeof rows === 'string') return notHere(rows)
    for (const deed of DEEDS) {
      const row = rows[deed]
      if (typeof row === 'string') {
        notHere(row, deed)
      } else {
        test.concurrent(deed, async () => {
          await withRig(platform, async (rig) => {
            await rig.start()
            await meet(rig, row, await prepare(rig, deed))
          })
        })
      }
    }
  })
}

async function prepare(rig: ChannelRig, deed: Deed): Promise<Try> {
  const { channel, group } = rig
  const count = (words: string) => () => rig.shown().filter(({ text }) => text.includes(words)).length
  if (deed === 'text') {
    return { run: () => channel.send(group, { text: TEXT }, 'key-1'), seen: count(TEXT) }
  }
  if (deed === 'card') {
    return { run: () => channel.send(group, { card: FIRST }, 'key-1'), seen: count(FIRST.subtitle) }
  }
  const sent = await channel.send(group, { card: FIRST }, 'key-1')
  if (sent.outcome !== 'delivered') throw new Error(`the card to be changed: ${JSON.stringify(sent)}`)
  return { run: () => channel.update(group, sent.message, NEXT), seen: count(NEXT.subtitle) }
}

async function meet<R extends ChannelRig>(rig: R, row: Mishap<R>, { run, seen }: Try): Promise<void> {
  const mend = await row.cause(rig)
  const delivery = await run()
  expect(delivery).toEqual({ ...anyWords(row), ...row.becomes })
  if (row.says)
    expect(`${'why' in delivery && delivery.why} ${rig.channel.health().detail}`).toMatch(row.says)
  expect(seen()).toBe(row.seen)
  if (typeof mend === 'function') await mend()
  if (row.again === undefined) return
  expect(await run()).toMatchObject({ outcome: 'delivered' })
  expect(seen()).toBe(row.again)
}

const anyWords = ({ becomes }: Mishap) =>
  becomes.outcome === 'delivered' ? { message: expect.any(String) } : { why: expect.stringMatching(/\w/) }
