import Fastify from 'fastify'
import { openStore } from '../src/store/open.ts'
import { PUSH_PATH, type StatePush } from './pushes.ts'

/**
 * What it costs to take a push: a fastify route that parses JSON and answers, without a store or, when one is named,
 * with each push as a job in it before its 200. Nothing works on the jobs.
 */
const [url] = process.argv.slice(2)
const store = url === undefined ? undefined : await openStore(url)
const app = Fastify()
app.post<{ Body: StatePush }>(PUSH_PATH, async ({ body }) => {
  const lane = `breaker:${body.device}`
  await store?.enqueue([{ id: `push:${body.mid}`, queue: 'events', lane, payload: body }])
  return { ok: true }
})
process.once('SIGTERM', async () => {
  await app.close()
  await store?.close()
})
console.log(`ready on ${await app.listen({ host: '127.0.0.1', port: 0 })}`)
