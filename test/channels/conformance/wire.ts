import { until } from '../../support/until.ts'
import type { ChannelRig } from './rig.ts'

const ready = ({ channel }: ChannelRig) => until(() => channel.health().state === 'ready', 'readiness')

const mended = (rig: ChannelRig) => async () => {
  await rig.gate.mend()
  await ready(rig)
}

/** Nobody listens any more, and the adapter knows. */
export async function refuseConnections(rig: ChannelRig) {
  await rig.gate.refuse()
  await until(() => rig.channel.health().state === 'waiting', 'the loss of the connection')
  return mended(rig)
}

/** All that is connected, and all that comes, hears nothing. */
export function hangConnections(rig: ChannelRig) {
  rig.gate.hang()
  return mended(rig)
}

/** For faults that cost the connection: waits until there is another. */
export function untilReady({ channel }: ChannelRig) {
  const { connects = 0 } = channel.health()
  return () => until(() => (channel.health().connects ?? 0) > connects, 'another connection')
}
