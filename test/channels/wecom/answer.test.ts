import { expect, test } from 'vitest'
import { updateFor } from '../../../src/channels/wecom/answer.ts'
import { renderCard } from '../../../src/channels/wecom/render.ts'
import { sampleCards } from '../../support/cards.ts'

const card = sampleCards('zh-CN').acknowledged!
const own = sampleCards('zh-CN').confirming!

test('a step of the presser’s own goes to that person alone; the others keep their card', () => {
  const update = updateFor({ card, own, toast: '请确认', privately: true }, 'jia', 'task')
  expect(update).toMatchObject({ forAll: false, tells: true, body: { userids: ['jia'] } })
  expect(update?.body.template_card).toEqual(renderCard(own, 'task', '请确认'))
})

test('where the others need the step, it is theirs that is shown: there is one update only', () => {
  const update = updateFor({ card: own, own: card, toast: '须由另一人' }, 'jia', 'task')
  expect(update).toMatchObject({ forAll: true, tells: false })
  expect(update?.body).not.toHaveProperty('userids')
  expect(update?.body.template_card).toEqual(renderCard(own, 'task'))
})
