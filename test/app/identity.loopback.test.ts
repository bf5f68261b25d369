import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createIdentity } from '../../src/app/identity.ts'

const NAME = `test-${process.pid}`

/** Another process that has the name; resolves with who it is and how to end it the hard way. */
async function identityElsewhere(): Promise<{ id: string; kill(): Promise<unknown> }> {
  const file = join(import.meta.dirname, '../../src/app/identity.ts')
  const code = `import { createIdentity } from ${JSON.stringify(file)}
    console.log((await createIdentity(${JSON.stringify(NAME)})).id)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [said] = await once(child.stdout, 'data')
  return {
    id: String(said).trim(),
    kill() {
      child.kill('SIGKILL')
      return once(child, 'exit')
    },
  }
}

test('after a kill -9 the next process of the name is the same holder; while it lives, another one is not', async () => {
  const first = await identityElsewhere()
  const meanwhile = await createIdentity(NAME)
  expect(meanwhile.id).not.toBe(first.id)
  await first.kill()
  const next = await createIdentity(NAME)
  expect(next.id).toBe(first.id)
  const third = await createIdentity(NAME)
  expect(third.id).not.toBe(next.id)
  expect(third.id).not.toBe(meanwhile.id)
  next.release()
})

test('other names are other holders', async () => {
  const [one, other] = await Promise.all([createIdentity(`${NAME}-a`), createIdentity(`${NAME}-b`)])
  expect(one.id).not.toBe(other.id)
  one.release()
  other.release()
})
