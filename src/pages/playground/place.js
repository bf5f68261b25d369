import { copyOf, keep, make, refill, timeOf } from '../kit/dom.js'
import { label } from '../kit/words.js'
import { say, send } from './api.js'
import { contentOf } from './bodies.js'

/** So near to its end a chat follows what comes, px. */
const NEAR = 40

/** The group, or the chat of one person with the bot alone, on one platform. */
export function createPlace(chat, name, who) {
  const element = copyOf('place')
  const [note, messages] = ['.note', '.messages'].map((selector) => element.querySelector(selector))
  element.id = `${chat}-${name}`
  // What is longer than its pane can be read with the keyboard, too.
  messages.tabIndex = 0
  /** Until when each person has seen it, ms; all of them are the one visitor where they are in one group. */
  const seen = new Map()
  let unread = 0

  let follows = true

  const toEnd = () => {
    if (follows) messages.scrollTop = messages.scrollHeight
  }
  // A picture takes its room only when it is there.
  messages.addEventListener('load', toEnd, true)

  /** @param view the platform as that person sees it */
  function show(view, { name: person, isChosen }) {
    const list = view[name]
    const viewer = name === 'group' ? '' : who()
    const isTurnedTo = isChosen && element.hidden
    element.hidden = !isChosen
    if (isChosen) seen.set(viewer, Math.max(...list.map(({ at }) => at)))
    const since = seen.get(viewer) ?? Number.NEGATIVE_INFINITY
    unread = list.filter(({ side, at }) => side !== 'me' && at > since).length
    note.textContent = noteOn(chat, name, view, person)
    messages.ariaLabel = label('messages', { chat: label(chat) })
    follows = isTurnedTo || messages.scrollHeight - messages.scrollTop - messages.clientHeight < NEAR
    keep(messages, list, (message) =>
      createMessage(chat, (button) => press({ as: who(), chat, place: name, message: message.id, button })),
    )
    toEnd()
  }

  return { name, element, show, unread: () => unread }
}

/** What a reader of an empty or shut chat should know. */
function noteOn(chat, place, { single, open }, name) {
  if (place === 'group') return ''
  if (!open) return label(`shut.${chat}`, { name })
  return single.length === 0 ? label('nothing', { name }) : ''
}

function createMessage(chat, onPress) {
  const element = make('article')
  element.tabIndex = -1
  return {
    element,
    update(message) {
      const { from, side, at } = message
      element.className = `message ${side}`
      const meta = make('p', 'meta', make('span', 'from', from), ' ', make('time', '', timeOf(at)))
      refill(element, meta, ...contentOf(chat, message, onPress))
    },
  }
}

async function press(what) {
  const answer = await send('press', what)
  if (!answer) return
  if (!answer.answered) say(label('unanswered'), true)
  else if (answer.toast) say(answer.toast, answer.alert)
}
