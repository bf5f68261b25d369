import type { JsonObject } from '../kit/json.ts'
import { type Answer, refuse } from './answers.ts'
import { listOf, member, numberOf, textOf } from './json.ts'

type Check = (card: JsonObject) => Answer | undefined

const NOTICES = ['text_notice', 'news_notice']
const CHOICES = ['vote_interaction', 'multiple_interaction']
const CARD_TYPES = ['button_interaction', ...NOTICES, ...CHOICES]

const bytes = (text: string) => Buffer.byteLength(text)
const typeOf = (card: JsonObject) => textOf(card, 'card_type') ?? ''
const wrong = (condition: boolean, code: number, detail: string) =>
  condition ? refuse(code, detail) : undefined

/**
 * What is wrong with a template card, or undefined. Bytes and list lengths are rules; the recommended numbers of
 * characters are not (clients cut), so they are not checked.
 * @param taken whether a task_id was used before by this bot; left out for updates and for the group robot
 */
export function checkCard(
  card: JsonObject,
  taken: (taskId: string) => boolean = () => false,
): Answer | undefined {
  const checks: Check[] = [
    (it) => wrong(!CARD_TYPES.includes(typeOf(it)), 40058, 'card_type'), // inferred
    (it) => checkTaskId(it, taken),
    checkTitle,
    checkLists,
    checkButtons,
    checkSelection,
    checkMenu,
    checkCardAction,
    checkChoices,
  ]
  for (const check of checks) {
    const answer = check(card)
    if (answer) return answer
  }
  return undefined
}

/** Cards of a group robot: notices only, and their task_id means nothing there. */
export function checkRobotCard(card: JsonObject): Answer | undefined {
  return wrong(!NOTICES.includes(typeOf(card)), 40058, 'card_type') ?? checkCard(card)
}

/** Documented: needed wherever something calls back; charset, length, once per bot. Code seen by many. */
function checkTaskId(card: JsonObject, taken: (taskId: string) => boolean) {
  const { task_id: taskId } = card
  const needed = !NOTICES.includes(typeOf(card)) || card.action_menu !== undefined
  if (taskId === undefined) return wrong(needed, 42014, 'missing')
  if (typeof taskId !== 'string' || !/^[0-9A-Za-z_@-]{1,128}$/.test(taskId)) {
    return refuse(42014, 'only [0-9A-Za-z_@-], at most 128 bytes')
  }
  return wrong(taken(taskId), 42014, 'used before')
}

/** Documented as needed; the code is inferred. */
function checkTitle(card: JsonObject) {
  const title = textOf(member(card, 'main_title'), 'title')
  const instead = NOTICES.includes(typeOf(card)) ? textOf(card, 'sub_title_text') : undefined
  return wrong(!title && !instead, 40058, 'main_title.title')
}

/** Lengths are documented, the code is inferred. */
function checkLists(card: JsonObject) {
  const rows = card.horizontal_content_list === undefined ? [] : listOf(card, 'horizontal_content_list')
  const jumps = card.jump_list === undefined ? [] : listOf(card, 'jump_list')
  const feedback = textOf(member(card, 'feedback'), 'id') ?? ''
  return (
    wrong(!rows || rows.length > 6, 40058, 'horizontal_content_list: at most 6') ??
    wrong(!rows?.every(rowIsComplete), 40058, 'horizontal_content_list: incomplete row') ??
    wrong(!jumps || jumps.length > 3, 40058, 'jump_list: at most 3') ??
    wrong(bytes(feedback) > 256, 40058, 'feedback.id: at most 256 bytes')
  )
}

function rowIsComplete(row: JsonObject): boolean {
  if (!textOf(row, 'keyname')) return false
  const type = row.type === undefined ? 0 : numberOf(row, 'type')
  if (type === 1) return textOf(row, 'url') !== undefined
  if (type === 3) return textOf(row, 'userid') !== undefined
  return type === 0 // 2 (a file) is for cards of apps only
}

/** 42039 was seen on the app channel; here it is inferred. */
function checkButtons(card: JsonObject) {
  if (typeOf(card) !== 'button_interaction') return undefined
  const buttons = listOf(card, 'button_list') ?? []
  const keys = buttons.flatMap((button) => textOf(button, 'key') ?? [])
  return (
    wrong(buttons.length < 1 || buttons.length > 6, 42039, 'button_list: 1 to 6') ??
    wrong(!buttons.every(buttonIsValid), 42039, 'button_list: incomplete button') ??
    wrong(new Set(keys).size !== keys.length, 42039, 'button_list: the same key twice')
  )
}

function buttonIsValid(button: JsonObject): boolean {
  if (!textOf(button, 'text')) return false
  const style = button.style === undefined ? 1 : numberOf(button, 'style')
  if (style === undefined || style < 1 || style > 4) return false
  // A link (seen, not documented) has an address and no key; a call-back button must not have an address.
  if (button.type === 1) return textOf(button, 'url') !== undefined
  const key = textOf(button, 'key')
  return key !== undefined && bytes(key) <= 1024 && button.url === undefined
}

/** Documented; the code is inferred. */
function checkSelection(card: JsonObject) {
  if (card.button_selection === undefined) return undefined
  return wrong(!selectionIsValid(member(card, 'button_selection'), 10), 40058, 'button_selection')
}

function selectionIsValid(selection: JsonObject | undefined, most: number): boolean {
  const options = listOf(selection, 'option_list') ?? []
  const ids = options.map((option) => textOf(option, 'id') ?? '')
  return (
    textOf(selection, 'question_key') !== undefined &&
    options.length >= 1 &&
    options.length <= most &&
    options.every((option) => textOf(option, 'text')) &&
    ids.every((id) => id !== '' && bytes(id) <= 128)
  )
}

/** Documented; the code is inferred. */
function checkMenu(card: JsonObject) {
  if (card.action_menu === undefined) return undefined
  const actions = listOf(member(card, 'action_menu'), 'action_list') ?? []
  const complete = actions.every((action) => textOf(action, 'text') && textOf(action, 'key'))
  return wrong(actions.length < 1 || actions.length > 3 || !complete, 40058, 'action_menu: 1 to 3 actions')
}

/** Seen by several: notices insist on it. That a half-filled one is refused on other cards is inferred. */
function checkCardAction(card: JsonObject) {
  const action = member(card, 'card_action')
  const type = numberOf(action, 'type')
  const leads = (type === 1 && textOf(action, 'url')) || (type === 2 && textOf(action, 'appid'))
  const absent = card.card_action === undefined || type === 0
  const mayBeAbsent = !NOTICES.includes(typeOf(card))
  return wrong(!leads && !(absent && mayBeAbsent), 42045, 'type 1 with url, or 2 with appid')
}

/** `submit_button` was seen; the lengths are documented, their code is inferred. */
function checkChoices(card: JsonObject) {
  if (!CHOICES.includes(typeOf(card))) return undefined
  const submit = member(card, 'submit_button')
  if (!textOf(submit, 'text') || !textOf(submit, 'key')) return refuse(42049)
  if (typeOf(card) === 'vote_interaction') {
    return wrong(!selectionIsValid(member(card, 'checkbox'), 20), 40058, 'checkbox: 1 to 20 options')
  }
  const lists = listOf(card, 'select_list') ?? []
  const valid = lists.every((list) => selectionIsValid(list, 10))
  return wrong(lists.length < 1 || lists.length > 3 || !valid, 40058, 'select_list: 1 to 3')
}
