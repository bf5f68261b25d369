import type { OpenAPIV3_1 } from 'openapi-types'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { until } from '../../support/until.ts'
import { apiRig, PUMP, tokenOf } from './support.ts'

type Document = OpenAPIV3_1.Document
type Route = { method: string; url: string }

async function described(): Promise<{
  rig: Awaited<ReturnType<typeof apiRig>>
  routes: Route[]
  document: Document
}> {
  const rig = await apiRig()
  const routes: Route[] = []
  rig.app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') routes.push({ method: one.toLowerCase(), url })
  })
  const answer = await rig.app.inject({ url: '/openapi.json' })
  expect(answer.statusCode).toBe(200)
  return { rig, routes, document: answer.json() }
}

/** The parts of OpenAPI 3.1.0 that are used here, with no key that the specification does not know. */
const schema = z.record(z.string(), z.unknown())
const media = z.strictObject({ schema })
const parameter = z
  .strictObject({
    name: z.string().min(1),
    in: z.enum(['query', 'header', 'path', 'cookie']),
    required: z.boolean(),
    description: z.string().optional(),
    schema,
  })
  .refine((one) => one.in !== 'path' || one.required, 'a path parameter is required')
const operation = z.strictObject({
  tags: z.array(z.string()).min(1),
  summary: z.string().min(1),
  description: z.string().optional(),
  parameters: z.array(parameter).optional(),
  requestBody: z
    .strictObject({ required: z.boolean().optional(), content: z.record(z.string(), media) })
    .optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.strictObject({ description: z.string(), content: z.record(z.string(), media).optional() }),
  ),
})
const form = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  tags: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  components: z.strictObject({
    securitySchemes: z.record(
      z.string(),
      z.union([
        z.strictObject({ type: z.literal('http'), scheme: z.literal('bearer'), description: z.string() }),
        z.strictObject({
          type: z.literal('apiKey'),
          in: z.literal('cookie'),
          name: z.string(),
          description: z.string(),
        }),
      ]),
    ),
    schemas: z.record(z.string(), schema).optional(),
  }),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post', 'delete']), operation)),
})

describe('/openapi.json', () => {
  test('is a description after OpenAPI 3.1', async () => {
    const { document } = await described()
    expect(z.safeParse(form, document).error).toBeUndefined()
    const known = form.parse(document)
    const tags = known.tags.map((one) => one.name)
    for (const requirement of known.security)
      for (const name of Object.keys(requirement))
        expect(known.components.securitySchemes).toHaveProperty(name)
    for (const [path, item] of Object.entries(known.paths))
      for (const one of Object.values(item)) {
        expect(tags).toEqual(expect.arrayContaining(one.tags))
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
        const declared = (one.parameters ?? []).filter((each) => each.in === 'path').map((each) => each.name)
        expect(declared.toSorted(), path).toEqual(named.toSorted())
      }
    // Nothing refers to something that is not there.
    for (const [, ref] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g))
      expect(ref!.replace('#/', '').split('/').reduce<unknown>(step, document), ref).toBeDefined()
  })

  test('lists every route of the API, and no other', async () => {
    const { document, routes } = await described()
    const served = routes
      .filter(({ url }) => url.startsWith('/api/v1/'))
      .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`)
    const listed = Object.entries(document.paths!).flatMap(([path, item]) =>
      Object.keys(item!).map((method) => `${method} ${path}`),
    )
    expect(served.length).toBeGreaterThan(20)
    expect(listed.toSorted()).toEqual(served.toSorted())
  })

  test('says of each what may be answered, and answers are like that', async () => {
    const { rig, document } = await described()
    await rig.trip()
    await until(async () => (await rig.store.list({ kind: 'incident' })).length > 0, 'the incident')
    const [incident] = await rig.store.list<{ id: string }>({ kind: 'incident' })
    const gets = Object.entries(document.paths!).filter(
      ([path, item]) => item?.get && path !== '/api/v1/events',
    )
    const by = { cookie: await rig.signIn('9') }
    const { run } = (await rig.call(by, 'POST', `/groups/${encodeURIComponent('增氧')}/off`)).json()
    for (const [path, item] of gets) {
      const id = path.includes('incidents') ? incident!.value.id : path.includes('runs') ? run : PUMP
      const answer = await rig.call(by, 'GET', path.replace('/api/v1', '').replace('{id}', id))
      const { schema } = (item!.get!.responses as Responses)[answer.statusCode]!.content['application/json']!
      expect(z.fromJSONSchema(schema).safeParse(answer.json()).error, path).toBeUndefined()
      expect(answer.statusCode, path).toBe(path.includes('deeds') ? 404 : 200)
    }
    const refused = await rig.call({ token: tokenOf('meter') }, 'POST', `/breakers/${PUMP}/open`)
    const open = document.paths!['/api/v1/breakers/{id}/open']!.post!.responses as Responses
    expect(
      z.fromJSONSchema(open[403]!.content['application/json']!.schema).safeParse(refused.json()).success,
    ).toBe(true)
    const wrong = z.fromJSONSchema(open[202]!.content['application/json']!.schema)
    expect(wrong.safeParse(refused.json()).success).toBe(false)
  })
})

type Responses = Record<number, { content: Record<string, { schema: z.core.JSONSchema.JSONSchema }> }>
const step = (at: unknown, key: string): unknown => (at as Record<string, unknown> | undefined)?.[key]
