import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { asObject, textOf } from '../../../src/simulator/wecom/json.ts'
import { png } from '../../support/png.ts'
import { rawClient, startSim, toGroup } from './support.ts'

const DATA = Buffer.from('daily report')
const md5 = createHash('md5').update(DATA).digest('hex')
const INIT = { type: 'file', filename: 'a.txt', total_size: DATA.length, total_chunks: 2, md5 }

async function ready() {
  const sim = await startSim()
  const { subscribe, code, command } = await rawClient(sim.wsUrl)
  await subscribe()
  const init = (changes: object = {}) => code('aibot_upload_media_init', { ...INIT, ...changes })
  const begin = async (changes: object = {}) => {
    const { body } = await command('aibot_upload_media_init', { ...INIT, ...changes })
    return textOf(asObject(body), 'upload_id') ?? ''
  }
  const chunk = (id: string, index: number, data: Buffer) =>
    code('aibot_upload_media_chunk', {
      ...{ upload_id: id, chunk_index: index, base64_data: data.toString('base64') },
    })
  const finish = (id: string) => code('aibot_upload_media_finish', { upload_id: id })
  return { sim, code, command, init, begin, chunk, finish }
}

it.each([
  ['an unknown type', { type: 'text' }, 40004],
  ['no name', { filename: '' }, 40058],
  ['nothing', { total_size: 0 }, 40006],
  ['a picture over 10 MB', { type: 'image', total_size: 10 * 1024 * 1024 + 1 }, 40006],
  ['101 chunks', { total_chunks: 101 }, 40058],
])('refuses %s', async (_what, changes, code) => {
  const { init } = await ready()
  expect(await init(changes)).toBe(code)
})

it('takes chunks in any order, twice, counted from 0 or from 1', async () => {
  const { begin, chunk, finish } = await ready()
  for (const base of [0, 1]) {
    const id = await begin()
    expect(await chunk(id, base + 1, DATA.subarray(5))).toBe(0)
    expect(await finish(id)).toBe(40058)
    expect(await chunk(id, base, DATA.subarray(0, 5))).toBe(0)
    expect(await chunk(id, base, DATA.subarray(0, 5))).toBe(0)
    expect(await finish(id)).toBe(0)
    expect(await finish(id)).toBe(40058)
  }
})

it('refuses damaged files, large chunks, and old sessions', async () => {
  const { sim, begin, chunk, finish } = await ready()
  const id = await begin({ total_chunks: 1 })
  expect(await chunk(id, 0, Buffer.from('daily rePort'))).toBe(0)
  expect(await finish(id)).toBe(40058)
  expect(await chunk(id, 0, Buffer.alloc(512 * 1024 + 1))).toBe(40058)
  expect(await chunk(id, 2, DATA)).toBe(40058)
  expect(await chunk(id, 0, DATA)).toBe(0)
  sim.clock.advance(30 * 60_000 + 1)
  expect(await finish(id)).toBe(40058)
})

it('takes 30 uploads a minute', async () => {
  const { sim, init } = await ready()
  for (let i = 0; i < 30; i++) expect(await init()).toBe(0)
  expect(await init()).toBe(45009)
  sim.clock.advance(60_000)
  expect(await init()).toBe(0)
})

it.each<[what: string, data: Buffer, type: string, code: number]>([
  ['a PNG', Buffer.from(png()), 'image', 0],
  ['text that calls itself a picture', DATA, 'image', 40005],
  ['text that is a file', DATA, 'file', 0],
])('takes what it says it is: %s', async (_what, data, type, code) => {
  const { begin, chunk, finish } = await ready()
  const id = await begin({ type, total_size: data.length, total_chunks: 1, md5: undefined })
  await chunk(id, 0, data)
  expect(await finish(id)).toBe(code)
})

it('knows no media of another bot', async () => {
  const { sim, begin, chunk, command, code } = await ready()
  sim.addBot({ botId: 'OTHER', secret: 'other' })
  const other = await rawClient(sim.wsUrl)
  await other.command('aibot_subscribe', { bot_id: 'OTHER', secret: 'other' })
  const id = await begin({ total_chunks: 1 })
  await chunk(id, 0, DATA)
  const media = textOf(
    asObject((await command('aibot_upload_media_finish', { upload_id: id })).body),
    'media_id',
  )
  const message = toGroup({ msgtype: 'file', file: { media_id: media } })
  expect(await other.code('aibot_send_msg', message)).toBe(40007)
  expect(await code('aibot_send_msg', message)).toBe(0)
})
