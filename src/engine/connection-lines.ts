import type { ChannelHealth, ChannelName } from '../channels/channel.ts'
import { lasting, type Message, message } from '../domain/message.ts'
import { may } from '../domain/people.ts'
import { isConnected } from './connected.ts'
import type { Parts } from './parts.ts'
import type { Place } from './place.ts'

/**
 * `状态`: the chat platforms of a place that are not connected, a line each; an admin is told of all platforms, the
 * connected ones in one line.
 */
export function connectionLines({ channels, now }: Pick<Parts, 'channels' | 'now'>, place: Place): Message[] {
  const isAdmin = may(place.person, 'administer')
  const here = new Set<ChannelName>(place.room?.chats.map(({ channel }) => channel) ?? [place.channel])
  const seen = [...channels].filter(([name]) => isAdmin || here.has(name))
  const health = seen.map(([name, channel]) => ({ name, ...channel.health() }))
  const ready = health.filter(isConnected).map(({ name }) => message(`channel.${name}`))
  return [
    ...health.filter((one) => !isConnected(one)).map((one) => lineOf(one, now())),
    ...(isAdmin && ready.length > 0 ? [message('status.connected', { channels: ready })] : []),
  ]
}

function lineOf({ name, state, since }: ChannelHealth & { name: ChannelName }, now: number): Message {
  const values = { channel: message(`channel.${name}`), time: lasting(Math.max(0, now - since)) }
  switch (state) {
    case 'failed':
      return message('status.channel-failed', values)
    case 'stopped':
      return message('status.channel-stopped', values)
    case 'starting':
      return message('status.channel-starting', values)
    default:
      return message('status.channel-waiting', values)
  }
}
