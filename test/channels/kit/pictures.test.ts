import { describe, expect, test } from 'vitest'
import { createSpare, createUploads, hasPicture, inWords } from '../../../src/channels/kit/pictures.ts'
import { sampleCards } from '../../support/cards.ts'
import { picture } from '../../support/png.ts'

const HOUR = 3_600_000

test('words stand below the text that has lost its picture', () => {
  const content = { text: 'Today', replyTo: '7', picture: picture('1 2 3') }
  expect(inWords(content)).toEqual({ text: 'Today\n1 2 3', replyTo: '7' })
  expect(inWords({ ...content, picture: picture('') })).toEqual({ text: 'Today', replyTo: '7' })
})

test('only a text has a picture', () => {
  expect(hasPicture({ text: 'Today', picture: picture() })).toBe(true)
  expect(hasPicture({ text: 'Today' })).toBe(false)
  expect(hasPicture({ card: sampleCards('en').open! })).toBe(false)
})

test('a chat has what is spare in any span of time, another one its own', () => {
  let now = 0
  const limits = [
    { most: 2, within: 60_000 },
    { most: 3, within: HOUR },
  ]
  const spare = createSpare(limits, () => now)
  const takes = (chat: string) => {
    const has = spare.has(chat)
    if (has) spare.take(chat)
    return has
  }
  expect([spare.has('a'), spare.has('a'), spare.has('a')]).toEqual([true, true, true])
  expect([takes('a'), takes('a'), takes('a'), takes('b')]).toEqual([true, true, false, true])
  now = 60_000
  expect([takes('a'), takes('a')]).toEqual([true, false])
  now = HOUR
  expect([takes('a'), takes('a')]).toEqual([true, true])
})

describe('uploads', () => {
  const PICTURE = picture()
  function begin(answers: (string | undefined)[]) {
    const clock = { now: 0 }
    const asked: number[] = []
    const upload = async () => {
      asked.push(clock.now)
      return answers.shift()
    }
    return { clock, asked, uploads: createUploads(upload, () => clock.now) }
  }

  test('the same picture is uploaded once, also by those who ask at the same time', async () => {
    const { asked, uploads } = begin(['m1'])
    const copy = { ...PICTURE, png: PICTURE.png.slice() }
    expect(await Promise.all([uploads.idOf(PICTURE), uploads.idOf(copy)])).toEqual(['m1', 'm1'])
    expect(await uploads.idOf(PICTURE)).toBe('m1')
    expect(asked).toHaveLength(1)
  })

  test('another one is another', async () => {
    const { uploads } = begin(['m1', 'm2'])
    expect(await uploads.idOf(PICTURE)).toBe('m1')
    expect(await uploads.idOf(picture('', 10))).toBe('m2')
  })

  test('what failed is tried again, and so is what was forgotten or is a day old', async () => {
    const { clock, uploads } = begin([undefined, 'm1', 'm2', 'm3'])
    expect(await uploads.idOf(PICTURE)).toBeUndefined()
    expect(await uploads.idOf(PICTURE)).toBe('m1')
    uploads.forget(PICTURE)
    expect(await uploads.idOf(PICTURE)).toBe('m2')
    clock.now = 24 * HOUR
    expect(await uploads.idOf(PICTURE)).toBe('m3')
  })
})
