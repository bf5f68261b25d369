import { describe, expect, test } from 'vitest'
import { picture } from '../../support/png.ts'
import { folded, NAMES } from './content.ts'
import { notHere } from './not-here.ts'
import { type ChannelRig, PICTURE_MISHAPS, type Platform, type Sight } from './rig.ts'
import { withRig } from './with-rig.ts'

const TEXT = 'Pump 3 used 12.4 kWh today.'
const PICTURE = picture('Bars: 1 2 3')
const SHOWN: Sight = { texts: 1, pictures: 1, words: 0 }
const IN_WORDS: Sight = { texts: 1, pictures: 0, words: 1 }

/** A picture is shown with its text, which is never lost to it, and said once. */
export function pictureConformance<R extends ChannelRig>(platform: Platform<R>): void {
  // Made before anything waits for it.
  const large = picture(PICTURE.instead, platform.largestPicture)
  const run = (work: (rig: R) => Promise<void>) =>
    withRig(platform, async (rig) => {
      expect(rig.channel.abilities.pictures).toBe(true)
      await rig.start()
      await work(rig)
    })

  test('is shown with its text', () =>
    run(async (rig) => {
      expect(await send(rig)).toMatchObject({ outcome: 'delivered' })
      expect(sight(rig)).toEqual(SHOWN)
      const shown = rig.shown().find((message) => message.picture)
      expect(Buffer.from(shown!.picture!)).toEqual(Buffer.from(PICTURE.png))
    }))

  test('is shown with a text that is long', () =>
    run(async (rig) => {
      const text = `${TEXT}\n${'x'.repeat(3000)}`
      expect(await send(rig, { text })).toMatchObject({ outcome: 'delivered' })
      expect(sight(rig)).toEqual(SHOWN)
      expect(folded(rig.shown()[0]!.text)).toContain('x'.repeat(3000))
    }))

  test('is shown in each message of its own', () =>
    run(async (rig) => {
      await send(rig)
      await send(rig, {}, 'key-2')
      expect(sight(rig)).toEqual({ texts: 2, pictures: 2, words: 0 })
    }))

  test('too large: its words stand for it', () =>
    run(async (rig) => {
      expect(await send(rig, { picture: large })).toMatchObject({ outcome: 'delivered' })
      expect(sight(rig)).toEqual(IN_WORDS)
    }))

  describe.concurrent.each(Object.keys(NAMES))('with a text that holds %s', (kind) => {
    const { name, read = name } = NAMES[kind]!

    test.each([
      ['shown', undefined, SHOWN],
      ['in words', platform.pictures['upload refused'], IN_WORDS],
    ] as const)('%s', (_how, row, seen) =>
      run(async (rig) => {
        const text = `${TEXT} ${name.replace('\n', ' ')}`
        if (typeof row === 'object') row.cause(rig)
        expect(await send(rig, { text })).toMatchObject({ outcome: 'delivered' })
        expect(sight(rig)).toEqual(seen)
        expect(folded(rig.shown()[0]!.text)).toContain(folded(read))
        expect(rig.shown().flatMap(({ links }) => links)).toEqual([])
      }),
    )
  })

  describe.each(PICTURE_MISHAPS)('%s', (mishap) => {
    const row = platform.pictures[mishap]
    if (typeof row === 'string') return notHere(row)
    test.concurrent('a picture', () =>
      run(async (rig) => {
        const mend = await row.cause(rig)
        expect(await send(rig)).toMatchObject(row.becomes)
        expect(sight(rig)).toEqual(row.seen)
        if (typeof mend === 'function') await mend()
        if (row.again === undefined) return
        expect(await send(rig)).toMatchObject({ outcome: 'delivered' })
        expect(sight(rig)).toMatchObject(row.again)
      }))
  })
}

const send = ({ channel, group }: ChannelRig, content: object = {}, key = 'key-1') =>
  channel.send(group, { text: TEXT, picture: PICTURE, ...content }, key)

function sight(rig: ChannelRig): Sight {
  const shown = rig.shown()
  const saying = (words: string) => shown.filter(({ text }) => text.includes(words)).length
  return {
    texts: saying(TEXT),
    pictures: shown.filter((message) => message.picture !== undefined).length,
    words: saying(PICTURE.instead),
  }
}
