import { expect, test } from 'vitest'
import { sampleCards } from '../../support/cards.ts'
import { until } from '../../support/until.ts'
import type { ChannelRig, Platform } from './rig.ts'
import { watchTimers } from './timers.ts'
import { withRig } from './with-rig.ts'

const CARD = sampleCards('en').open!

/** What is under way when the channel is told to stop. */
const MOMENTS: Record<string, (rig: ChannelRig) => Promise<void>> = {
  'before it was started': async () => {},
  ready: (rig) => rig.start(),
  'in the midst of a handshake': async (rig) => {
    rig.gate.hang()
    await rig.begin()
    await until(() => rig.gate.open() > 0, 'the attempt')
  },
  'in the midst of a pause after trouble': async (rig) => {
    await rig.gate.refuse()
    await rig.begin()
    await until(() => rig.channel.health().state === 'waiting', 'the trouble')
  },
  'with a message under way': async (rig) => {
    await rig.start()
    rig.gate.hang()
    void send(rig).then(({ outcome }) => expect(['unknown', 'later']).toContain(outcome))
  },
  'with a press that waits for its answer': async (rig) => {
    await rig.start()
    const sent = await send(rig)
    rig.engine.receive = () => ({ answer: Promise.withResolvers<never>().promise })
    if (sent.outcome === 'delivered') void rig.press(sent.message, CARD.buttons[0]!.data)
    await until(() => rig.inputs.length > 0, 'the press')
  },
}

const send = ({ channel, group }: ChannelRig) => channel.send(group, { card: CARD }, 'card-1')

/** Stopping is final, soon, and leaves nothing. */
export function stoppingConformance<R extends ChannelRig>(platform: Platform<R>): void {
  test.each(Object.keys(MOMENTS))('%s', (moment) =>
    withRig(
      platform,
      async (rig) => {
        const timers = watchTimers()
        await MOMENTS[moment]?.(rig)
        const began = performance.now()
        await Promise.all([rig.channel.stop(), rig.channel.stop()])
        expect(performance.now() - began).toBeLessThan(10_000)
        expect(rig.channel.health().state).toBe('stopped')
        await until(() => rig.connections() === 0, 'the end of all connections')
        await until(async () => (await timers.left()) === 0, 'the end of all timers', 2000)
        timers.end()
        await rig.gate.mend()
        expect(await send(rig)).toMatchObject({ outcome: 'later' })
        expect(rig.connections()).toBe(0)
      },
      { patient: true },
    ),
  )
}
