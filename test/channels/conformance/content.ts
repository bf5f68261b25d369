import { describe, expect, test } from 'vitest'
import type { CardText } from '../../../src/domain/card-text.ts'
import { sampleCards } from '../../support/cards.ts'
import type { ChannelRig, Platform } from './rig.ts'
import { withRig } from './with-rig.ts'

/** Names that people have given, and what is to be read of them. */
export const NAMES: Record<string, { name: string; read?: string }> = {
  'every markup there is': { name: '_*[]()~>#+-=|{}.!<b>`\\' },
  'a link of markdown': { name: '[x](https://e.vil)' },
  'a link of HTML': { name: '<a href="//e.vil">x</a>' },
  'an entity': { name: '&lt;b&gt; &amp; &#65;' },
  emoji: { name: '👩‍🔧🔌 泵' },
  'right to left': { name: 'مضخة 3' },
  'another direction': { name: 'A\u202eB\u2066C', read: 'ABC' },
  'half a character': { name: 'A\ud83d B', read: 'A\ufffd B' },
  'two lines': { name: 'A\n# B', read: 'A # B' },
  '500 characters': { name: '泵'.repeat(500), read: '泵泵泵泵泵泵泵泵泵泵' },
}

const CARD = sampleCards('en').open!

/** Whatever people have called things is read as they wrote it, and opens nothing. */
export function contentConformance<R extends ChannelRig>(platform: Platform<R>): void {
  describe.concurrent.each(Object.keys(NAMES))('%s', (kind) => {
    const { name, read = name } = NAMES[kind]!

    async function check(rig: R, content: { card: CardText } | { text: string }) {
      await rig.start()
      expect(await rig.channel.send(rig.group, content, 'key-1')).toMatchObject({ outcome: 'delivered' })
      const [seen, ...more] = rig.shown()
      expect(more).toEqual([])
      expect(seen?.text.isWellFormed()).toBe(true)
      expect(folded(seen?.text ?? '')).toContain(folded(read))
      expect(seen?.links).toEqual([])
    }

    test('in a card', () =>
      withRig(platform, (rig) =>
        check(rig, { card: { ...CARD, title: name, rows: [{ label: 'Name', value: name }] } }),
      ))
    test('everywhere in a card', () => withRig(platform, (rig) => check(rig, { card: everywhere(name) })))
    test('in a text', () =>
      withRig(platform, (rig) => check(rig, { text: `Pump: ${name.replace('\n', ' ')}` })))
  })
}

const everywhere = (name: string): CardText => ({
  ...CARD,
  ...{ title: name, subtitle: name, summary: name, notes: [name, name], story: [name, name] },
  rows: CARD.rows.map(() => ({ label: name, value: name })),
  buttons: CARD.buttons.map((button) => ({ ...button, text: name })),
})

/** Markup may stand in full width, and lines may be broken anywhere. */
export const folded = (text: string) => text.normalize('NFKC').replace(/\s+/g, '')
