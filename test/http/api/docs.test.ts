import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { apiRig, closed, PUMP, tokenOf } from './support.ts'

const PAGE = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8')

/** What a line of curl sends. */
function requestOf(line: string) {
  const headers = Object.fromEntries(
    [...line.matchAll(/-H "([^:"]+): ([^"]+)"/g)].map(([, name, value]) => [
      name!.toLowerCase(),
      value!.replace('$TOKEN', tokenOf('pumps')),
    ]),
  )
  const body = / -d '([^']+)'/.exec(line)?.[1]
  const [, path = ''] = /https:\/\/bots\.example(\/[^"\s]*)/.exec(line)!
  const method = (/-X (\w+)/.exec(line)?.[1] ?? 'GET') as 'GET' | 'POST'
  return { method, url: path, headers, ...(body !== undefined && { body }) }
}

const LINES = PAGE.split('\n').filter((line) => line.startsWith('curl ') && !line.includes('/events'))

test('each example of docs/api.md does what it says', async () => {
  const rig = await apiRig()
  await closed(rig)
  await until(async () => (await rig.store.get(`breaker/${PUMP}`)) !== undefined, 'the breaker')
  expect(LINES.length).toBeGreaterThan(8)
  for (const line of LINES) {
    const answer = await rig.app.inject(requestOf(line))
    expect(answer.statusCode, `${line}\n${answer.body}`).toBe(line.includes('/open') ? 202 : 200)
  }
  await until(() => rig.cloud.commands.length > 0, 'the command')
  expect(rig.cloud.commands).toEqual([`open ${PUMP} power`])
})

test('docs/api.md names every call that acts', async () => {
  const rig = await apiRig()
  const { paths } = (await rig.app.inject({ url: '/openapi.json' })).json() as {
    paths: Record<string, object>
  }
  for (const [path, item] of Object.entries(paths)) {
    if (!('post' in item)) continue
    expect(PAGE, path).toContain(`/${path.split('/').at(-1)}\``)
  }
})
