import { expect, it } from 'vitest'
import { until, type World } from '../support/world.ts'

/** What is told to all instances and need not last. */
export function broadcastConformance(world: () => World): void {
  /** Takes down what is heard on a topic. */
  function hearing(topic: string) {
    const heard: unknown[] = []
    const end = world().store.hear(topic, (word) => heard.push(word))
    return { heard, end }
  }

  /** Resolves when all that was told before has been heard. */
  async function settled() {
    const mark = hearing('mark')
    await until(() => {
      world().store.broadcast('mark', null)
      return mark.heard.length > 0
    })
    mark.end()
  }

  it('reaches everybody who hears the topic, not those of others, in order', async () => {
    const [one, two, other] = [hearing('moved'), hearing('moved'), hearing('moves')]
    await settled()
    const words = [{ chat: '群' }, null, 'text', 7, [1, { deep: true }]]
    for (const word of words) world().store.broadcast('moved', word)
    await until(() => one.heard.length === words.length && two.heard.length === words.length)
    expect([one.heard, two.heard]).toEqual([words, words])
    await settled()
    expect(other.heard).toEqual([])
  })

  it('is heard later, as it was when it was told, by each on its own', async () => {
    const first: { list: number[] }[] = []
    world().store.hear('topic', (word) => {
      const mine = word as { list: number[] }
      mine.list.push(2)
      first.push(mine)
    })
    const second = hearing('topic')
    await settled()
    const word = { list: [1], gone: undefined }
    world().store.broadcast('topic', word)
    expect(second.heard).toEqual([])
    word.list.push(9)
    await until(() => second.heard.length === 1 && first.length === 1)
    expect(second.heard).toStrictEqual([{ list: [1] }])
  })

  it('is heard no more once that was ended', async () => {
    const [ended, other] = [hearing('topic'), hearing('topic')]
    await settled()
    ended.end()
    ended.end()
    world().store.broadcast('topic', 1)
    await until(() => other.heard.length === 1)
    expect(ended.heard).toEqual([])
  })

  it('suffers no harm from a listener that throws', async () => {
    world().store.hear('topic', () => {
      throw new Error('does not understand')
    })
    const { heard } = hearing('topic')
    await settled()
    world().store.broadcast('topic', 1)
    world().store.broadcast('topic', 2)
    await until(() => heard.length === 2)
    expect(heard).toEqual([1, 2])
  })

  it('does no harm when nobody hears, or after the end', async () => {
    world().store.broadcast('nobody', 1)
    const { heard } = hearing('topic')
    const { store } = world()
    await settled()
    await store.close()
    store.broadcast('topic', 1)
    await world().reopen()
    await settled()
    expect(heard).toEqual([])
  })
}
