import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { notHere } from './not-here.ts'
import { type ChannelRig, type Ordeal, type Platform, TROUBLES } from './rig.ts'
import { withRig } from './with-rig.ts'

/** What may go wrong with receiving: health says so, nothing is hammered, and it heals without a restart. */
export function receivingConformance<R extends ChannelRig>(platform: Platform<R>): void {
  describe.concurrent.each(TROUBLES)('%s', (trouble) => {
    const ordeal = platform.troubles[trouble]
    if (typeof ordeal === 'string') return notHere(ordeal)
    test('when all was well', () =>
      withRig(platform, async (rig) => {
        await rig.start()
        await outlast(rig, ordeal)
      }))
    if (!ordeal.health || trouble === 'second instance') return
    test('from the start', () =>
      withRig(platform, async (rig) => {
        const before = rig.attempts()
        const end = await ordeal.cause(rig)
        await rig.begin()
        await endure(rig, ordeal, before)
        await recover(rig, end, 0)
      }))
  })
}

const connects = ({ channel }: ChannelRig) => channel.health().connects ?? 0

async function outlast<R extends ChannelRig>(rig: R, ordeal: Ordeal<R>): Promise<void> {
  const before = connects(rig)
  const attempts = rig.attempts()
  const end = await ordeal.cause(rig)
  if (ordeal.health) await endure(rig, ordeal, attempts)
  await recover(rig, end, ordeal.health ? before : before - 1)
}

/** Ten times the spacing is long enough to see whether it is kept. */
async function endure<R extends ChannelRig>(
  rig: R,
  { health, spacing }: Ordeal<R>,
  attempts: number,
): Promise<void> {
  const began = performance.now()
  await until(() => {
    const { state, detail = '' } = rig.channel.health()
    return state === health?.state && health.says.test(detail)
  }, `health to say ${health?.says}`)
  if (spacing === undefined) return
  const passed = () => performance.now() - began
  await until(() => passed() > 10 * spacing, 'a while')
  expect(rig.attempts() - attempts).toBeLessThanOrEqual(2 + passed() / spacing)
}

/** @param before how often it had been ready before the trouble */
async function recover(rig: ChannelRig, end: unknown, before: number): Promise<void> {
  if (typeof end === 'function') await end()
  await until(() => rig.channel.health().state === 'ready' && connects(rig) > before, 'recovery')
  await showThatItWorks(rig)
}

/** Hears a line, shows a text. */
export async function showThatItWorks(rig: ChannelRig, text = 'hello'): Promise<void> {
  rig.write(text)
  await until(() => rig.inputs.some((input) => input.kind === 'text' && input.text === text), 'the line')
  const sent = await rig.channel.send(rig.group, { text: `${text} to you` }, `key-${text}`)
  expect(sent).toMatchObject({ outcome: 'delivered' })
  expect(rig.shown().at(-1)?.text).toContain(`${text} to you`)
}
