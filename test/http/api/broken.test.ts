import { expect, test } from 'vitest'
import { apiRig, PUMP, tokenOf } from './support.ts'

test.each([
  ['hold', 'null'],
  ['confirm', 'null'],
  ['close', '{"circuit":{"length":{"toString":null}}}'],
  ['hold', '{"reason":{"length":{"toString":null}}}'],
  ['hold', '{"__proto__":{"reason":"x"}}'],
  ['hold', '[]'],
  ['hold', '0'],
])('%s with %s is not of its form, and no fault of ours', async (deed, body) => {
  const rig = await apiRig()
  const answer = await rig.call({ token: tokenOf('closer') }, 'POST', `/breakers/${PUMP}/${deed}`, {
    body,
    headers: { 'content-type': 'application/json' },
  })
  expect(answer.statusCode).toBe(400)
  expect(answer.json()).toMatchObject({ error: expect.any(String), message: expect.any(String) })
  expect(rig.lines).toEqual([])
})
