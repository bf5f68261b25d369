import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/simulator/wecom/api.ts'
import { checkCard, checkRobotCard } from '../../../src/simulator/wecom/card-rules.ts'
import { card } from './sample.ts'

const OPTION = { id: 'a', text: '甲' }
const SUBMIT = { text: '提交', key: 'submit' }
const button = (key: string) => ({ text: '确认', key })
const buttons = (count: number) => Array.from({ length: count }, (_, i) => button(`k${i}`))
const rows = (count: number) => Array.from({ length: count }, () => ({ keyname: '电流', value: '1 A' }))
const options = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `${i}`, text: '甲' }))
const action = (count: number) => ({ action_list: buttons(count) })

const notice = (changes: JsonObject): JsonObject => ({
  card_type: 'text_notice',
  main_title: { title: '标题' },
  card_action: { type: 1, url: 'https://example.com' },
  ...changes,
})
const vote = (changes: JsonObject) =>
  card('t', {
    card_type: 'vote_interaction',
    checkbox: { question_key: 'q', option_list: [OPTION] },
    submit_button: SUBMIT,
    ...changes,
  })
const multiple = (changes: JsonObject) =>
  card('t', {
    card_type: 'multiple_interaction',
    select_list: [{ question_key: 'q', option_list: [OPTION] }],
    submit_button: SUBMIT,
    ...changes,
  })

const table: [what: string, card: JsonObject, code: number][] = [
  ['a button card', card('al-01J9Z3-1'), 0],
  ['every sort of character in the task_id', card('aZ09_@-'), 0],
  ['a task_id of 128 bytes', card('x'.repeat(128)), 0],
  ['a task_id of 129 bytes', card('x'.repeat(129)), 42014],
  ['a colon in the task_id', card('al:1'), 42014],
  ['an empty task_id', card(''), 42014],
  ['no task_id', card('t', { task_id: undefined }), 42014],
  ['a task_id that is a number', card('t', { task_id: 7 }), 42014],
  ['a task_id used before', card('used'), 42014],
  ['an unknown card_type', card('t', { card_type: 'buttons' }), 40058],
  ['no title', card('t', { main_title: { desc: 'x' } }), 40058],
  ['no buttons', card('t', { button_list: [] }), 42039],
  ['a button_list that is no list', card('t', { button_list: button('a') }), 42039],
  ['6 buttons', card('t', { button_list: buttons(6) }), 0],
  ['7 buttons', card('t', { button_list: buttons(7) }), 42039],
  ['the same key twice', card('t', { button_list: [button('a'), button('a')] }), 42039],
  ['a button without text', card('t', { button_list: [{ key: 'a' }] }), 42039],
  ['a button without key', card('t', { button_list: [{ text: 'a' }] }), 42039],
  ['a key of 1024 bytes', card('t', { button_list: [button('k'.repeat(1024))] }), 0],
  ['a key of 1026 bytes in 342 characters', card('t', { button_list: [button('键'.repeat(342))] }), 42039],
  ['style 4', card('t', { button_list: [{ ...button('a'), style: 4 }] }), 0],
  ['style 5', card('t', { button_list: [{ ...button('a'), style: 5 }] }), 42039],
  ['a link', card('t', { button_list: [{ text: 'a', type: 1, url: 'https://example.com' }] }), 0],
  ['a link to nowhere', card('t', { button_list: [{ text: 'a', type: 1 }] }), 42039],
  [
    'a call-back button with url',
    card('t', { button_list: [{ ...button('a'), url: 'https://x.cn' }] }),
    42039,
  ],
  ['6 rows', card('t', { horizontal_content_list: rows(6) }), 0],
  ['7 rows', card('t', { horizontal_content_list: rows(7) }), 40058],
  ['a row without keyname', card('t', { horizontal_content_list: [{ value: '1' }] }), 40058],
  ['a row with a file', card('t', { horizontal_content_list: [{ keyname: 'a', type: 2 }] }), 40058],
  ['a row with a link', card('t', { horizontal_content_list: [{ keyname: 'a', type: 1, url: 'x' }] }), 0],
  [
    'a row with a person, unnamed',
    card('t', { horizontal_content_list: [{ keyname: 'a', type: 3 }] }),
    40058,
  ],
  ['a feedback id of 257 bytes', card('t', { feedback: { id: 'f'.repeat(257) } }), 40058],
  ['a drop-down', card('t', { button_selection: { question_key: 'q', option_list: options(10) } }), 0],
  ['11 choices', card('t', { button_selection: { question_key: 'q', option_list: options(11) } }), 40058],
  ['no question_key', card('t', { button_selection: { option_list: options(1) } }), 40058],
  ['a corner menu', card('t', { action_menu: action(3) }), 0],
  ['4 actions in the menu', card('t', { action_menu: action(4) }), 40058],
  ['an empty menu', card('t', { action_menu: action(0) }), 40058],
  ['a half card_action', card('t', { card_action: { type: 1 } }), 42045],
  ['a button card whose card_action is none', card('t', { card_action: { type: 0 } }), 0],
  ['a notice', notice({}), 0],
  ['a notice with a sub-title only', notice({ main_title: undefined, sub_title_text: 'x' }), 0],
  ['a notice with a mini-program', notice({ card_action: { type: 2, appid: 'wx' } }), 0],
  ['a notice without card_action', notice({ card_action: undefined }), 42045],
  ['a notice whose card_action is none', notice({ card_action: { type: 0 } }), 42045],
  ['a notice whose card_action leads nowhere', notice({ card_action: { type: 1 } }), 42045],
  [
    'a picture notice without card_action',
    notice({ card_type: 'news_notice', card_action: undefined }),
    42045,
  ],
  ['a notice with a menu and no task_id', notice({ action_menu: action(1) }), 42014],
  ['3 jumps', notice({ jump_list: [{}, {}, {}] }), 0],
  ['4 jumps', notice({ jump_list: [{}, {}, {}, {}] }), 40058],
  ['a vote', vote({}), 0],
  ['a vote without submit_button', vote({ submit_button: undefined }), 42049],
  ['a vote of 20', vote({ checkbox: { question_key: 'q', option_list: options(20) } }), 0],
  ['a vote of 21', vote({ checkbox: { question_key: 'q', option_list: options(21) } }), 40058],
  ['a multiple choice', multiple({}), 0],
  ['a multiple choice without submit_button', multiple({ submit_button: { text: 'x' } }), 42049],
  ['a multiple choice without lists', multiple({ select_list: [] }), 40058],
]

describe('template cards', () => {
  it.each(table)('%s', (_what, value, code) => {
    expect(checkCard(value, (taskId) => taskId === 'used')?.errcode ?? 0).toBe(code)
  })

  it('of a group robot are notices', () => {
    expect(checkRobotCard(notice({}))).toBeUndefined()
    expect(checkRobotCard(card('t'))?.errcode).toBe(40058)
  })
})
