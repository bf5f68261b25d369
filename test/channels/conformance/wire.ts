import { until } from '../../support/until.ts'
import type { ChannelRig, Ordeal } from './rig.ts'

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

/**
 * The same for receiving: what the wire between the two can suffer, and what health says while it lasts; a platform
 * that hangs may be told of in more ways.
 */
export function brokenConnections(health: NonNullable<Ordeal['health']>, hung = health) {
  return {
    'connection refused': {
      async cause({ gate }: ChannelRig) {
        await gate.refuse()
        return gate.mend
      },
      health,
    },
    'connection reset': reconnecting((gate) => gate.reset()),
    'connection half open': reconnecting((gate) => gate.silence()),
    'connection hung': {
      cause({ gate }: ChannelRig) {
        gate.hang()
        return gate.mend
      },
      health: hung,
    },
  }
}

/** Ends by itself, with another connection. */
function reconnecting(cut: (gate: ChannelRig['gate']) => void): Ordeal {
  return {
    cause(rig) {
      const reconnected = untilReady(rig)
      cut(rig.gate)
      return reconnected
    },
  }
}
