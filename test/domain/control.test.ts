import { describe, expect, test } from 'vitest'
import {
  type Control,
  type ControlWord,
  controlNote,
  decideControl,
  whyControlForbids,
} from '../../src/domain/control.ts'
import { CHIEF, JIA, PEOPLE, POLICY } from './support/site.ts'

const OTHER = { name: '副站长', role: 'admin', ids: {} } as const

/** Words said one after another: `[person, word, at]`. */
function said(...words: [string, ControlWord, number][]) {
  let control: Control | undefined
  const replies = words.map(([name, word, now]) => {
    const person = name === OTHER.name ? OTHER : PEOPLE.find((one) => one.name === name)!
    const decision = decideControl(control, word, person, { policy: POLICY, now })
    control = decision.control
    return `${decision.reply.text.key}${decision.notice ? ' !' : ''}`
  })
  return { control, replies }
}

describe('the switch', () => {
  test('is an admin’s, off at once, on with a second word', () => {
    const { control, replies } = said(
      [JIA, 'off', 1],
      [CHIEF, 'off', 2],
      [CHIEF, 'off', 3],
      [JIA, 'on', 4],
      [CHIEF, 'confirm-on', 5],
      [CHIEF, 'on', 6],
      [CHIEF, 'confirm-on', 7],
      [CHIEF, 'on', 8],
    )
    expect(replies).toEqual([
      'control.not-admin',
      'control.off-done !',
      'control.off-already',
      'control.not-admin',
      'control.on-expired',
      'control.on-ask',
      'control.on-done !',
      'control.on-already',
    ])
    expect(control).toEqual({ off: false, by: CHIEF, at: 7, offAt: 2, offBy: CHIEF, changes: 2 })
  })

  test('is not put on by another’s second word, nor by one that comes too late', () => {
    expect(said([CHIEF, 'off', 1], [CHIEF, 'on', 2], [OTHER.name, 'confirm-on', 3]).control?.off).toBe(true)
    expect(said([CHIEF, 'off', 1], [CHIEF, 'on', 2], [CHIEF, 'confirm-on', 60_002]).control?.off).toBe(true)
    expect(said([CHIEF, 'off', 1], [CHIEF, 'on', 2], [CHIEF, 'confirm-on', 60_001]).control?.off).toBe(false)
  })

  test('is not for an admin of some sites only: it holds at all of them', () => {
    const local = {
      name: '池长',
      roles: [{ role: 'admin' as const, sites: ['一号鱼塘'], groups: [] }],
      ids: {},
    }
    const { reply } = decideControl(undefined, 'off', local, { policy: POLICY, now: 1 })
    expect(reply.text.key).toBe('control.not-admin')
  })

  test('off again drops what was asked before', () => {
    const { control } = said(
      [CHIEF, 'off', 1],
      [CHIEF, 'on', 2],
      [CHIEF, 'confirm-on', 3],
      [CHIEF, 'off', 4],
      [CHIEF, 'confirm-on', 5],
    )
    expect(control?.off).toBe(true)
  })
})

test('a command given before control was switched off never leaves, one given after it is on again does', () => {
  const { control: off } = said([CHIEF, 'off', 10])
  const { control: on } = said([CHIEF, 'off', 10], [CHIEF, 'on', 11], [CHIEF, 'confirm-on', 12])
  const forbids = (control: Control | undefined, at: number) => whyControlForbids(control, at) !== undefined
  expect([forbids(undefined, 5), forbids(off, 5), forbids(off, 20)]).toEqual([false, true, true])
  expect([forbids(on, 5), forbids(on, 10), forbids(on, 11)]).toEqual([true, true, false])
})

test('cards say why no command leaves', () => {
  const { control } = said([CHIEF, 'off', 10])
  expect(controlNote(POLICY, undefined)).toEqual([])
  expect(controlNote(POLICY, control).map((one) => one.key)).toEqual(['note.control-off'])
  expect(controlNote({ actuation: false }, undefined).map((one) => one.key)).toEqual(['note.actuation-off'])
})
