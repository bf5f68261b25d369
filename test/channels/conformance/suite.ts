import { describe } from 'vitest'
import { guardTheProcess } from './guard.ts'
import type { ChannelRig, Platform } from './rig.ts'
import { sendingConformance } from './sending.ts'

/** What every adapter of the channel port must do, against its simulator. An adapter is done when this passes. */
export function channelConformance<R extends ChannelRig>(platform: Platform<R>): void {
  const parts = { sending: sendingConformance }

  describe(`channel on ${platform.name}`, () => {
    guardTheProcess()
    for (const [part, tests] of Object.entries(parts)) describe(part, () => tests(platform))
  })
}
