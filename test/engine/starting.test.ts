import { expect, test } from 'vitest'
import { startRig } from './rig.ts'

test('a channel that cannot start is told with its reason, and those that did are stopped', async () => {
  const stopped: string[] = []
  const start = startRig({
    prepare({ telegram, dingtalk, wecom }) {
      for (const channel of [telegram, dingtalk, wecom])
        channel.stop = async () => {
          stopped.push(channel.name)
        }
      dingtalk.start = () => Promise.reject(new Error('no such template'))
    },
  })
  await expect(start).rejects.toThrow('no such template')
  expect(stopped.sort()).toEqual(['dingtalk', 'telegram'])
})
