import type { ChatChannel, ChatInput, Receive } from '../../../src/channels/channel.ts'
import { until } from '../../support/until.ts'
import type { ChannelRig } from './rig.ts'

type Recording = Pick<ChannelRig, 'inputs' | 'engine' | 'begin'> & { start(): Promise<void> }

/** An engine that records what it is handed. */
export function recordInputs(channel: ChatChannel): Recording {
  const inputs: ChatInput[] = []
  const receive: Receive = (input) => {
    inputs.push(input)
    const { taken = Promise.resolve(), answer = Promise.resolve({}) } = recording.engine.receive(input)
    return { taken, answer, shown: () => {} }
  }
  const recording: Recording = {
    inputs,
    engine: { receive: () => ({}) },
    begin: () => channel.start(receive),
    async start() {
      await recording.begin()
      await until(() => channel.health().state === 'ready', 'readiness')
    },
  }
  return recording
}
