import Fastify from 'fastify'

/** What a push costs without us: a fastify route that parses JSON and answers. */
const app = Fastify()
app.post('/api/device/callback/:token', async () => ({ ok: true }))
console.log(`ready on ${await app.listen({ host: '127.0.0.1', port: 0 })}`)
