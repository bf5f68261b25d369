import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { serverFor } from './support.ts'

const taken = async () => ({ ok: true }) as const
const asked: Record<string, string>[] = []
const { app } = serverFor(taken, [], {
  energyTable(query) {
    asked.push(query)
    if (query.sig === 'old') return 'expired'
    return query.sig === 'good' ? pieces() : undefined
  },
})
async function* pieces() {
  yield '\ufeffa,b\r\n'
  yield '泵,1\r\n'
}

test('a table goes to whoever has its address, as a file that nobody keeps', async () => {
  const { statusCode, headers, body } = await app.inject('/energy.csv?breaker=820720&sig=good')
  expect([statusCode, body]).toEqual([200, '\ufeffa,b\r\n泵,1\r\n'])
  expect(headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="energy.csv"',
    'cache-control': 'no-store',
  })
  expect(asked.at(-1)).toEqual({ breaker: '820720', sig: 'good' })
})

test.each([
  ['/energy.csv', 403],
  ['/energy.csv?sig=bad', 403],
  ['/energy.csv?sig=good&sig=good', 403],
  ['/energy.csv?sig=old', 410],
])('%s has none', async (address, status) => {
  const { statusCode, body } = await app.inject(address)
  expect(statusCode).toBe(status)
  expect(JSON.parse(body).message).toContain('in the chat')
})

test('where there are no tables, nobody gets one', async () => {
  const bare = serverFor(taken)
  expect((await bare.app.inject('/energy.csv?sig=good')).statusCode).toBe(403)
})

test('no more than two tables are made at a time', async () => {
  const end = Promise.withResolvers<void>()
  async function* slow() {
    await end.promise
    yield 'a\r\n'
  }
  const { app } = serverFor(taken, [], { energyTable: () => slow() })
  // Begins at once.
  const ask = async () => await app.inject('/energy.csv?sig=good')
  const [one, other] = [ask(), ask()]
  const { statusCode, headers, body } = await ask()
  expect(statusCode).toBe(503)
  expect([headers['retry-after'], JSON.parse(body).error]).toEqual(['10', 'BUSY'])
  end.resolve()
  expect([(await one).body, (await other).body]).toEqual(['a\r\n', 'a\r\n'])
  await until(async () => (await ask()).statusCode === 200, 'the next table')
})
