import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Budget } from '../../../src/store/store.ts'
import type { World } from '../support/world.ts'

/** What a chat, or a bot, can take in a while. */
export function budgetConformance(world: () => World): void {
  const chat: Budget = { name: 'chat', most: 3, within: 60_000 }
  const spend = (...budgets: Budget[]) => world().store.spend(budgets)

  it('gives as many as it holds, then says how long to wait', async () => {
    const { advance } = world()
    for (let n = 0; n < chat.most; n++) {
      expect(await spend(chat)).toBe(0)
      advance(1000)
    }
    expect(await spend(chat)).toBe(57_000)
    advance(56_999)
    expect(await spend(chat)).toBe(1)
    advance(1)
    expect(await spend(chat)).toBe(0)
    expect(await spend(chat)).toBe(1000)
  })

  it('takes nothing by asking in vain', async () => {
    for (let n = 0; n < chat.most; n++) await spend(chat)
    for (let n = 0; n < 10; n++) expect(await spend(chat)).toBe(60_000)
    world().advance(60_000)
    for (let n = 0; n < chat.most; n++) expect(await spend(chat)).toBe(0)
  })

  it('never gives more in any span, and always when there is room', async () => {
    let run = 0
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.nat(20), { maxLength: 30 }),
      async (most, within, pauses) => {
        const budget = { name: `any ${++run}`, most, within }
        const taken: number[] = []
        for (const pause of pauses) {
          world().advance(pause)
          const now = world().now()
          const inSpan = taken.filter((at) => at > now - within)
          const expected = inSpan.length < most ? 0 : inSpan.at(-most)! + within - now
          expect(await spend(budget)).toBe(expected)
          if (expected === 0) taken.push(now)
        }
      },
    )
    await fc.assert(property, { numRuns: 30 })
  })

  it('takes from several at once, or from none', async () => {
    const bot: Budget = { name: 'bot', most: 4, within: 1000 }
    const other: Budget = { ...chat, name: 'other chat' }
    for (let n = 0; n < 3; n++) expect(await spend(chat, bot)).toBe(0)
    expect(await spend(chat, bot)).toBe(60_000)
    // The bot's fourth was not taken by that, and its fifth waits for the bot, not for the chat.
    expect(await spend(other, bot)).toBe(0)
    expect(await spend(other, bot)).toBe(1000)
    world().advance(1000)
    expect(await spend(other, bot)).toBe(0)
    expect(await spend(other)).toBe(0)
    expect(await spend(other, bot)).toBe(59_000)
    expect(await spend()).toBe(0)
  })

  it('never gives more to many who ask at once', async () => {
    const bot: Budget = { name: 'bot', most: 7, within: 1000 }
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => spend({ ...chat, name: `chat ${n % 2}` }, bot)),
    )
    expect(answers.filter((wait) => wait === 0).length).toBe(6)
    expect(answers.filter((wait) => wait > 0).every((wait) => wait === 60_000)).toBe(true)
  })

  it('remembers what was taken when it is opened again', async () => {
    await spend(chat)
    await spend(chat)
    await world().reopen()
    world().advance(1000)
    expect(await spend(chat)).toBe(0)
    expect(await spend(chat)).toBe(59_000)
  })

  it('counts what was taken as taken now when the clock was set back', async () => {
    const { advance } = world()
    const bot: Budget = { name: 'bot', most: 2, within: 10_000 }
    expect(await spend(chat, bot)).toBe(0)
    advance(9000)
    expect(await spend(chat, bot)).toBe(0)
    advance(-3_600_000)
    expect(await spend(bot)).toBe(10_000)
    expect(await spend(chat)).toBe(0)
    expect(await spend(chat)).toBe(60_000)
    advance(9999)
    expect(await spend(bot)).toBe(1)
    advance(1)
    expect([await spend(bot), await spend(bot), await spend(bot)]).toEqual([0, 0, 10_000])
    advance(49_999)
    expect(await spend(chat)).toBe(1)
    advance(1)
    for (let n = 0; n < chat.most; n++) expect(await spend(chat)).toBe(0)
  })

  it('counts what was taken in a long span for as long', async () => {
    const daily: Budget = { name: 'daily', most: 2, within: 24 * 3_600_000 }
    await spend(daily)
    world().advance(daily.within - 3_600_000)
    await world().store.commit({})
    expect(await spend(daily)).toBe(0)
    expect(await spend(daily)).toBe(3_600_000)
  })
}
