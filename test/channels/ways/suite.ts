import { describe, expect, test } from 'vitest'
import type { Handed } from '../../../src/channels/way.ts'
import { HOSTILE } from '../../support/hostile.ts'
import { until } from '../../support/until.ts'
import { guardTheProcess } from '../conformance/guard.ts'
import { watchTimers } from '../conformance/timers.ts'
import { noticeAbout, sampleNotice } from './notice.ts'
import { TROUBLES, type WayKind, type WayRig } from './rig.ts'

const NAMES = { ...HOSTILE, crlf: 'x\r\nBcc: evil@example.com\r\n\r\nevil', 'a thousand': '泵'.repeat(1000) }

/** What every way keeps, whatever is behind it. */
export function wayConformance<Rig extends WayRig>(kind: WayKind<Rig>): void {
  guardTheProcess()

  /** Patient: a hung server is not what the test is about. */
  async function withRig(work: (rig: Rig) => Promise<void>, within = 4000): Promise<void> {
    const rig = await kind.create(within)
    const told: string[] = []
    const { way } = rig
    const send = way.send
    rig.way = {
      ...way,
      send: async (...args) => {
        const handed = await send(...args)
        told.push(JSON.stringify(handed))
        return handed
      },
    }
    try {
      await work(rig)
    } finally {
      await rig.way.stop()
      await rig.close()
    }
    const leaks = [...rig.lines, ...told].filter((line) =>
      rig.secrets.some((secret) => line.includes(secret)),
    )
    expect(leaks).toEqual([])
  }
  const send = ({ way, to }: WayRig, key = 'key-1') => way.send(to, sampleNotice(), key)
  const isSaid = (handed: Handed) => {
    if (handed.outcome === 'delivered') return
    expect(handed.why).toMatch(/\S/)
    expect(handed.why).not.toMatch(/[\r\n]/)
    expect(handed.why.length).toBeLessThanOrEqual(200)
  }

  test('a notice is delivered', () =>
    withRig(async (rig) => {
      expect(await send(rig)).toMatchObject({ outcome: 'delivered' })
      expect(await rig.taken()).toHaveLength(1)
    }))

  test.each(kind.rows)('$name', ({ answer, expected }) =>
    withRig(async (rig) => {
      answer(rig)
      const handed = await send(rig)
      expect(handed).toMatchObject(expected)
      isSaid(handed)
    }),
  )

  test('nobody listens: later', () =>
    withRig(async (rig) => {
      const way = await rig.nowhere()
      const handed = await way.send(rig.to, sampleNotice(), 'key-1')
      expect(handed).toMatchObject({ outcome: 'later' })
      isSaid(handed)
      await way.stop()
    }))

  test.each(TROUBLES)('%s', (trouble) =>
    withRig(async (rig) => {
      rig.hurt(trouble)
      const began = performance.now()
      const handed = await send(rig)
      expect(handed.outcome).toBe(kind.troubles[trouble])
      isSaid(handed)
      expect(performance.now() - began).toBeLessThan(4000)
      // It recovers by itself.
      if (handed.outcome !== 'delivered') expect(await send(rig)).toMatchObject({ outcome: 'delivered' })
    }, 500),
  )

  describe('the same key', () => {
    test('one after the other, and at once: it goes out once', () =>
      withRig(async (rig) => {
        const [first, beside] = await Promise.all([send(rig), send(rig)])
        expect(first).toMatchObject({ outcome: 'delivered' })
        expect([beside, await send(rig)]).toEqual([first, first])
        expect([rig.begun(), (await rig.taken()).length]).toEqual([1, 1])
      }))

    test('another key goes out', () =>
      withRig(async (rig) => {
        await send(rig, 'key-1')
        const before = rig.begun()
        await send(rig, 'key-2')
        expect(rig.begun()).toBeGreaterThan(before)
      }))
  })

  test.each(Object.entries(NAMES))('a name with %s changes nothing but the text', (_, name) =>
    withRig(async (rig) => {
      expect(await rig.way.send(rig.to, noticeAbout(name), 'key-1')).toMatchObject({ outcome: 'delivered' })
      const taken = await rig.taken()
      expect(taken).toHaveLength(1)
      expect(taken[0]).not.toMatch(/[\u202a-\u202e\u2066-\u2069\ud800-\udbff](?![\udc00-\udfff])/)
    }),
  )

  test('a strange recipient is refused, and nothing goes elsewhere', () =>
    withRig(async (rig) => {
      for (const to of ['', 'a@b.example, c@d.example', 'x\r\nRCPT TO:<evil@example.com>', '__proto__']) {
        const handed = await rig.way.send(to, sampleNotice(), 'key-1')
        expect([to, handed.outcome]).toEqual([to, 'refused'])
        isSaid(handed)
      }
      expect(await rig.taken()).toEqual([])
    }))

  test.each(['idle', 'under way'])('stopping while %s is soon and final, and leaves nothing', (moment) =>
    withRig(async (rig) => {
      const timers = watchTimers()
      if (moment === 'idle') await send(rig)
      else rig.hurt('hang')
      const last = moment === 'idle' ? undefined : send(rig, 'key-2')
      if (last) await until(() => rig.begun() > 0, 'the attempt')
      const began = performance.now()
      await Promise.all([rig.way.stop(), rig.way.stop()])
      expect(performance.now() - began).toBeLessThan(3000)
      if (last) expect(['unknown', 'later']).toContain((await last).outcome)
      await until(() => rig.connections() === 0, 'the end of all connections')
      await until(async () => (await timers.left()) === 0, 'the end of all timers', 250)
      timers.end()
      expect(await send(rig, 'key-3')).toMatchObject({ outcome: 'later' })
      expect(rig.connections()).toBe(0)
    }, 20_000),
  )
}
