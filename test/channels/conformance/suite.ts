import { describe } from 'vitest'
import { contentConformance } from './content.ts'
import { guardTheProcess } from './guard.ts'
import { hearingConformance } from './hearing.ts'
import { pictureConformance } from './pictures.ts'
import { receivingConformance } from './receiving.ts'
import type { ChannelRig, Platform } from './rig.ts'
import { sendingConformance } from './sending.ts'
import { stoppingConformance } from './stopping.ts'

/** What every adapter of the channel port must do, against its simulator. An adapter is done when this passes. */
export function channelConformance<R extends ChannelRig>(platform: Platform<R>): void {
  const parts = {
    sending: sendingConformance,
    receiving: receivingConformance,
    hearing: hearingConformance,
    content: contentConformance,
    pictures: pictureConformance,
    stopping: stoppingConformance,
  }

  describe(`channel on ${platform.name}`, () => {
    guardTheProcess()
    for (const [part, tests] of Object.entries(parts)) describe(part, () => tests(platform))
  })
}
