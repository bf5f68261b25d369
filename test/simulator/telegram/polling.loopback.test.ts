import { describe, expect, it } from 'vitest'
import { until } from '../../support/until.ts'
import { call, LI, startSim, updates } from './support.ts'

describe('getUpdates', () => {
  it('gives the same again until the offset confirms it', async () => {
    const sim = await startSim()
    for (const text of ['a', 'b', 'c']) sim.say(LI, LI, text)
    const first = await updates(sim)
    expect(first).toMatchObject([
      { message: { text: 'a' } },
      { message: { text: 'b' } },
      { message: { text: 'c' } },
    ])
    expect(await updates(sim)).toEqual(first)
    expect(await updates(sim, first[1]!.update_id)).toEqual(first.slice(1))
    expect(sim.pending()).toBe(2)
    expect(await updates(sim, first[2]!.update_id + 1)).toEqual([])
    expect(sim.pending()).toBe(0)
  })

  it('keeps only the last ones for a negative offset', async () => {
    const sim = await startSim()
    for (const text of ['a', 'b', 'c']) sim.say(LI, LI, text)
    expect(await updates(sim, -1)).toMatchObject([{ message: { text: 'c' } }])
    expect(sim.pending()).toBe(1)
  })

  it('hangs until something comes', async () => {
    const sim = await startSim()
    const poll = call(sim, 'getUpdates', { timeout: 50 })
    await until(() => sim.calls.length === 1)
    sim.say(LI, LI, 'a')
    expect(await poll).toMatchObject({ result: [{ message: { text: 'a' } }] })
  })

  it('hangs no longer than 50 s, whatever was asked for', async () => {
    const sim = await startSim()
    const poll = call(sim, 'getUpdates', { timeout: 600 })
    await until(() => sim.calls.length === 1)
    sim.clock.advance(50_000)
    expect(await poll).toMatchObject({ result: [] })
  })

  it('remembers allowed_updates and leaves the queued ones alone', async () => {
    const sim = await startSim()
    sim.say(LI, LI, 'a')
    await call(sim, 'getUpdates', { allowed_updates: ['callback_query'] })
    expect(sim.say(LI, LI, 'b').delivered).toBe(false)
    sim.press(LI, 1, LI, { data: 'x' })
    expect(await updates(sim)).toMatchObject([{ message: { text: 'a' } }, { callback_query: { data: 'x' } }])
    await call(sim, 'getUpdates', { allowed_updates: [] })
    expect(sim.say(LI, LI, 'c').delivered).toBe(true)
  })

  it('drops a press after 150 s and a message after a day', async () => {
    const sim = await startSim()
    sim.say(LI, LI, 'a')
    sim.press(LI, 1, LI, { data: 'x' })
    sim.clock.advance(150_000)
    expect(await updates(sim)).toMatchObject([{ message: { text: 'a' } }])
    sim.clock.advance(86_400_000)
    expect(await updates(sim)).toEqual([])
  })

  it('slows down who asks for the same again and again', async () => {
    const sim = await startSim({ sameOffsetDelay: 3000 })
    sim.say(LI, LI, 'a')
    sim.say(LI, LI, 'b')
    expect(await updates(sim)).toHaveLength(2)
    expect(await updates(sim)).toHaveLength(1)
    sim.clock.advance(3000)
    expect(await updates(sim)).toHaveLength(2)
    const next = (await updates(sim, 0)).at(-1)!.update_id + 2
    expect(await updates(sim, next)).toEqual([])
    const waiting = updates(sim, next)
    await until(() => sim.calls.at(-1)?.status === undefined)
    sim.clock.advance(3000)
    expect(await waiting).toEqual([])
  })
})

describe('conflicts', () => {
  it('fail the older of two polls, the second time late', async () => {
    const sim = await startSim()
    const polls = []
    for (let n = 1; n <= 3; n++) {
      polls.push(call(sim, 'getUpdates', { timeout: 50 }))
      await until(() => sim.calls.length === n)
    }
    const description =
      'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'
    expect(await polls[0]).toMatchObject({ error_code: 409, description })
    expect(sim.calls[1]!.status).toBeUndefined()
    sim.clock.advance(3000)
    expect(await polls[1]).toMatchObject({ error_code: 409, description })
    sim.say(LI, LI, 'a')
    expect(await polls[2]).toMatchObject({ ok: true })
  })

  it('fail polls while a webhook is set, and the one that hangs when it is', async () => {
    const sim = await startSim()
    const poll = call(sim, 'getUpdates', { timeout: 50 })
    await until(() => sim.calls.length === 1)
    await call(sim, 'setWebhook', { url: 'http://127.0.0.1:9/' })
    expect(await poll).toMatchObject({
      error_code: 409,
      description: 'Conflict: terminated by setWebhook request',
    })
    expect(await call(sim, 'getUpdates')).toMatchObject({
      error_code: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    })
    await call(sim, 'deleteWebhook')
    expect(await call(sim, 'getUpdates')).toMatchObject({ ok: true })
  })
})

describe('what a test can do to the queue', () => {
  it('repeats, skips and goes back', async () => {
    const sim = await startSim()
    sim.say(LI, LI, 'a')
    const [{ update_id: id }] = (await updates(sim)) as [{ update_id: number }]
    expect(await updates(sim, id + 1)).toEqual([])
    sim.deliver({ update_id: id, message: { text: 'again' } })
    sim.deliver({ something_new: { field: '\ud83d' } })
    sim.redeliver(1)
    expect(await updates(sim, id + 1)).toMatchObject([
      { update_id: id, message: { text: 'again' } },
      { update_id: id + 1, something_new: { field: '\ud83d' } },
      { update_id: id, message: { text: 'a' } },
    ])
    expect(await updates(sim, id + 2)).toEqual([])
    sim.deliver({ update_id: id + 1000, message: { text: 'after a gap' } })
    expect(await updates(sim, id + 2)).toMatchObject([{ update_id: id + 1000 }])
    expect(await updates(sim, id + 1001)).toEqual([])
    sim.restartUpdateIds(5)
    sim.say(LI, LI, 'b')
    expect(await updates(sim, id + 1001)).toMatchObject([{ update_id: 5 }])
  })
})
