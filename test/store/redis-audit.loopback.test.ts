import { randomUUID } from 'node:crypto'
import { expect, inject, onTestFinished, test } from 'vitest'
import { verifyChain } from '../../src/store/audit-chain.ts'
import { openRedisStore } from '../../src/store/redis/open.ts'

const entry = (subject: string) => ({ at: 1, who: 'system', what: 'done', subject })

test('what two instances write at the same time makes one chain', async () => {
  const prefix = `audit-${randomUUID()}`
  const open = () => openRedisStore(inject('redisUrl'), { prefix })
  const [one, other] = await Promise.all([open(), open()])
  onTestFinished(() => Promise.all([one.close(), other.close()]).then(() => {}))
  await one.commit({ audit: [entry('a')] })
  // The second of these follows the first, which cannot be what it was thought to be.
  await Promise.all([other.commit({ audit: [entry('b')] }), other.commit({ audit: [entry('c')] })])
  await Promise.all(
    ['d', 'e', 'f', 'g'].flatMap((subject) => [
      one.commit({ audit: [entry(subject)] }),
      other.commit({ audit: [entry(subject)] }),
    ]),
  )
  const rows = await one.audit({ limit: 100 })
  expect(rows).toHaveLength(11)
  expect(verifyChain(rows)).toEqual({ intact: true })
})
