import type { ChannelHealth } from '../channels/channel.ts'

/** That another instance holds the connection is as good as ready. */
export const isConnected = ({ state }: ChannelHealth): boolean => state === 'ready' || state === 'standby'
