import { expect } from 'vitest'
import type { ChannelRig, Platform } from './rig.ts'

/** Runs a test on a rig of its own, and fails it if a secret was told in the log or by health. */
export async function withRig<R extends ChannelRig>(
  { open }: Platform<R>,
  run: (rig: R) => Promise<void>,
  options: Parameters<Platform<R>['open']>[0] = {},
): Promise<void> {
  const rig = await open(options)
  try {
    await run(rig)
    const told = [...rig.lines, JSON.stringify(rig.channel.health())]
    expect(told.filter((line) => rig.secrets().some((secret) => line.includes(secret)))).toEqual([])
  } finally {
    await rig.channel.stop()
    await rig.close()
    await rig.gate.close()
  }
}
