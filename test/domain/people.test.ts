import { describe, expect, test } from 'vitest'
import { askerOf, may, type Person, roleAt } from '../../src/domain/people.ts'
import { JIA, PEOPLE, YI } from './support/site.ts'
import { replyOf, tripped } from './support/story.ts'

const POND = { site: '一号鱼塘', groups: ['增氧'] }
const SHED = { site: '二号大棚', groups: ['水泵'] }
const person = (fields: Partial<Person>): Person => ({ name: '丙', ids: {}, ...fields })

describe('what somebody may do', () => {
  test.each([
    ['one role everywhere', { role: 'operator' }, 'operator', 'operator'],
    ['one by site', { roles: [{ role: 'admin', sites: ['一号鱼塘'], groups: [] }] }, 'admin', undefined],
    ['one by group', { roles: [{ role: 'viewer', sites: [], groups: ['水泵'] }] }, undefined, 'viewer'],
    [
      'the highest of all that hold',
      { role: 'viewer', roles: [{ role: 'operator', sites: [], groups: ['增氧'] }] },
      'operator',
      'viewer',
    ],
  ] as const)('%s', (_what, fields, pond, shed) => {
    const one = person(structuredClone(fields) as Partial<Person>)
    expect([roleAt(one, POND), roleAt(one, SHED)]).toEqual([pond, shed])
    expect(may(one, 'close', POND)).toBe(pond === 'operator' || pond === 'admin')
    expect(may(one, 'view')).toBe(true)
  })
})

describe('a program', () => {
  const rights = ['view', 'acknowledge', 'open', 'hold', 'close', 'confirm', 'unlock', 'administer'] as const
  const mayDo = (role: Person['role'], mayClose: boolean) => {
    const one = person({ ...(role && { role }), program: { mayClose, tokenHash: '' } })
    return rights.filter((right) => may(one, right, POND))
  }

  test.each([
    ['viewer', false, ['view']],
    ['viewer', true, ['view']],
    ['operator', false, ['view', 'acknowledge', 'open', 'hold']],
    ['operator', true, ['view', 'acknowledge', 'open', 'hold', 'close']],
    ['admin', true, ['view', 'acknowledge', 'open', 'hold', 'close']],
  ] as const)('%s, mayClose %s: %j, and never what confirms or unlocks', (role, mayClose, expected) => {
    expect(mayDo(role, mayClose)).toEqual(expected)
  })

  test('is found by its name alone, and by no id of a platform', () => {
    const program = person({ role: 'admin', program: { mayClose: true, tokenHash: '' } })
    const policy = { people: PEOPLE, programs: [program] }
    expect(askerOf(policy, { sender: '丙', anonymous: false })).toBe(program)
    for (const channel of ['telegram', 'dingtalk', 'wecom'] as const)
      expect(askerOf(policy, { channel, sender: '丙', anonymous: false })).toBeUndefined()
    expect(askerOf(policy, { sender: PEOPLE[0]!.name, anonymous: false })).toBeUndefined()
  })
})

describe('roles that changed between asking and confirming', () => {
  test.each([
    ['the asker is gone', [PEOPLE[1]!], 'refused: confirm.void'],
    [
      'the asker may only look now',
      [{ ...PEOPLE[0]!, role: 'viewer' as const }, PEOPLE[1]!],
      'refused: confirm.void',
    ],
    ['the second person is gone', [PEOPLE[0]!], 'refused: ask.stranger'],
    [
      'the second person has the right elsewhere only',
      [
        PEOPLE[0]!,
        {
          name: YI,
          ids: PEOPLE[1]!.ids,
          roles: [{ role: 'operator' as const, sites: ['别处'], groups: [] }],
        },
      ],
      'refused: ask.role-here',
    ],
  ])('%s', (_what, people, reply) => {
    const story = tripped('leakage')
    story.press(JIA, 'reclose')
    story.setPolicy({ people })
    const decision = story.press(YI, 'confirm')
    expect(replyOf(decision)).toBe(reply)
    expect(decision.effects.filter((one) => one.do === 'switch')).toEqual([])
    expect(decision.audit).toHaveLength(1)
    if (reply === 'refused: confirm.void') expect(story.operation()?.stage).toBe('cancelled')
  })
})

test('the same person through another platform is no second person', () => {
  const story = tripped('leakage')
  story.press(JIA, 'reclose')
  expect(replyOf(story.press(JIA, 'confirm', { channel: 'wecom' }))).toBe('refused: confirm.needs-other')
})
