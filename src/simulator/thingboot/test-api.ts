import type { FastifyInstance } from 'fastify'
import { ZodError, type ZodType } from 'zod'
import type { ThingbootSim } from './api.ts'
import * as schema from './test-api-schema.ts'

/** Reads a body; an empty one counts as `{}`. */
function read<T>(type: ZodType<T>, body: unknown): T {
  return type.parse(JSON.parse(typeof body === 'string' && body !== '' ? body : '{}'))
}

/**
 * The test API over HTTP, under `/_sim/`, for black-box tests and playgrounds. Deeds answer when their pushes
 * are settled. 400 and `{error}` for anything that the simulator refuses.
 *
 * `GET devices`, `devices/:id`, `calls`, `commands`, `pushes`, `settings` ·
 * `POST devices`, `devices/:id/DEED`, `push-url`, `tick`, `faults`, `push-faults` · `PATCH settings` ·
 * `DELETE faults` (both kinds).
 */
export function addTestApi(server: FastifyInstance, sim: ThingbootSim): void {
  type Deed = (id: string, body: unknown) => Promise<void> | void
  const deeds: Record<string, Deed> = {
    trip: (id, body) => sim.trip(id, read(schema.trip, body)),
    hand(id, body) {
      const { position, circuit } = read(schema.hand, body)
      return sim.switchByHand(id, position, circuit)
    },
    'other-client'(id, body) {
      const { position, ...options } = read(schema.otherClient, body)
      return sim.switchByOtherClient(id, position, options)
    },
    load(id, body) {
      const { amps, circuit } = read(schema.load, body)
      sim.setLoad(id, amps, circuit)
    },
    jam: (id, body) => sim.jam(id, read(schema.jam, body).answer),
    retrip(id, body) {
      const { ms, ...options } = read(schema.retrip, body)
      sim.retripAfter(id, ms ?? undefined, options)
    },
    unjam: (id) => sim.unjam(id),
    offline: (id) => sim.goOffline(id),
    online: (id) => sim.goOnline(id),
    boot: (id) => sim.boot(id),
    report: (id) => sim.report(id),
  }

  server.register(
    async (routes) => {
      routes.setErrorHandler((error: Error, _request, reply) =>
        reply.code(400).send({ error: error instanceof ZodError ? error.issues : error.message }),
      )
      routes.get('/devices', () => sim.deviceIds().map((id) => sim.device(id)))
      routes.get<{ Params: { id: string } }>('/devices/:id', (request) => sim.device(request.params.id))
      routes.post('/devices', (request) => {
        const spec = read(schema.device, request.body)
        sim.addDevice(spec)
        return sim.device(spec.id)
      })
      routes.post<{ Params: { id: string; deed: string } }>('/devices/:id/:deed', async (request) => {
        const { id, deed } = request.params
        const act = Object.hasOwn(deeds, deed) ? deeds[deed] : undefined
        if (!act) throw new Error(`no deed ${deed}; there are ${Object.keys(deeds).join(', ')}`)
        await act(id, request.body)
        return sim.device(id)
      })
      addLogRoutes(routes, sim)
    },
    { prefix: '/_sim' },
  )
}

function addLogRoutes(routes: FastifyInstance, sim: ThingbootSim): void {
  const done = { ok: true }
  routes.get('/calls', () => sim.calls)
  routes.get('/commands', () => sim.commands)
  routes.get('/pushes', () => sim.pushes)
  routes.get('/settings', () => sim.settings)
  routes.patch('/settings', (request) => Object.assign(sim.settings, read(schema.settings, request.body)))
  routes.post('/push-url', (request) => {
    const { url, appId } = read(schema.pushUrl, request.body)
    sim.setPushUrl(url ?? undefined, appId)
    return done
  })
  routes.post('/tick', async (request) => {
    await sim.tick(read(schema.tick, request.body).ms)
    return done
  })
  routes.post('/faults', (request) => {
    const { path, ...fault } = read(schema.fault, request.body)
    sim.faults.add({ ...fault, when: (call) => path === undefined || call.path === path })
    return done
  })
  routes.post('/push-faults', (request) => {
    const { type, ...fault } = read(schema.pushFault, request.body)
    sim.pushFaults.add({ ...fault, when: (push) => type === undefined || push.type === type })
    return done
  })
  routes.delete('/faults', () => {
    sim.faults.clear()
    sim.pushFaults.clear()
    return done
  })
}
