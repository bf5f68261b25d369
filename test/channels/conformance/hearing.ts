import { describe, expect, test } from 'vitest'
import type { ChatInput } from '../../../src/channels/channel.ts'
import { sampleCards } from '../../support/cards.ts'
import { until } from '../../support/until.ts'
import { showThatItWorks } from './receiving.ts'
import type { ChannelRig, Platform } from './rig.ts'
import { withRig } from './with-rig.ts'

const CARD = sampleCards('en').open!
const ACK = CARD.buttons[0]!.data
const HOUR = 3_600_000

/** What people do, and how the adapter hands it on. */
export function hearingConformance<R extends ChannelRig>(platform: Platform<R>): void {
  const withCard = (run: (rig: R, message: string) => Promise<void>) => () =>
    withRig(platform, async (rig) => {
      await rig.start()
      await run(rig, await sendCard(rig))
    })

  test(
    'a press and a line are handed on as they are',
    withCard(async (rig, message) => {
      void rig.press(message, ACK)
      const press = await heard(rig, 'press')
      expect(press).toMatchObject({ kind: 'press', chat: rig.group, data: ACK, message })
      expect(press.sender).toEqual({
        id: expect.stringMatching(/\w/),
        ...(press.sender.name && { name: expect.any(String) }),
      })
      rig.write('status')
      const line = await heard(rig, 'text')
      expect(line).toMatchObject({
        chat: rig.group,
        group: true,
        text: 'status',
        sender: { id: press.sender.id },
      })
      expect(line).not.toMatchObject({ addressed: false })
    }),
  )

  describe('what comes twice', () => {
    test(
      'a press has the same id',
      withCard(async (rig, message) => {
        await platform.twice.press(rig, () => void rig.press(message, ACK))
        await showThatItWorks(rig)
        expect(idsOf(rig, 'press')).toHaveLength(1)
      }),
    )

    test(
      'a line has the same id, and the next one another',
      withCard(async (rig) => {
        await platform.twice.text(rig, () => rig.write('open pump 3'))
        await showThatItWorks(rig)
        expect(idsOf(rig, 'text')).toHaveLength(2)
      }),
    )
  })

  test(
    'two presses are two',
    withCard(async (rig, message) => {
      rig.engine.receive = () => ({ answer: Promise.resolve({ card: CARD }) })
      await rig.press(message, ACK)
      await rig.press(message, ACK)
      expect(idsOf(rig, 'press')).toHaveLength(2)
    }),
  )

  test(
    'an answer that comes too late hurts nobody',
    withCard(async (rig, message) => {
      rig.engine.receive = () => {
        rig.clock.advance(platform.answerWindow + 1000)
        return { answer: Promise.resolve({ toast: 'Acknowledged' }) }
      }
      expect(await rig.press(message, ACK)).toBe(false)
      rig.engine.receive = () => ({ answer: Promise.resolve({ toast: 'Acknowledged' }) })
      expect(await rig.press(message, ACK)).toBe(true)
      await showThatItWorks(rig)
    }),
  )

  test(
    'an answer that never comes, or fails, hurts nobody',
    withCard(async (rig, message) => {
      rig.engine.receive = () => ({ taken: Promise.reject(new Error('disk full')) })
      void rig.press(message, ACK)
      rig.write('status')
      await until(() => rig.lines.some((line) => /disk full/i.test(line)), 'the complaint')
      rig.engine.receive = () => ({})
      await until(() => rig.channel.health().state === 'ready')
      await showThatItWorks(rig)
    }),
  )

  test.each([-HOUR, HOUR])("the platform's clock is %i ms off", (off) =>
    withRig(platform, async (rig) => {
      rig.clock.advance(off)
      await rig.start()
      const message = await sendCard(rig)
      rig.engine.receive = () => ({ answer: Promise.resolve({ toast: 'Acknowledged' }) })
      expect(await rig.press(message, ACK)).toBe(true)
      await showThatItWorks(rig)
    }),
  )
}

async function sendCard(rig: ChannelRig): Promise<string> {
  const sent = await rig.channel.send(rig.group, { card: CARD }, 'card-1')
  if (sent.outcome !== 'delivered') throw new Error(`the card: ${JSON.stringify(sent)}`)
  return sent.message
}

type Kind = 'press' | 'text'

const of = <K extends Kind>(rig: ChannelRig, kind: K) =>
  rig.inputs.filter((input): input is Extract<ChatInput, { kind: K }> => input.kind === kind)

const heard = <K extends Kind>(rig: ChannelRig, kind: K) => until(() => of(rig, kind)[0], `the ${kind}`)

const idsOf = (rig: ChannelRig, kind: Kind) => [...new Set(of(rig, kind).map(({ id }) => id))]
