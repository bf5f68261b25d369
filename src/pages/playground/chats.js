import { copyOf, keep, make, refill, timeOf } from '../kit/dom.js'
import { label, translate } from '../kit/words.js'
import { say, send } from './api.js'
import { contentOf } from './bodies.js'

const CHATS = ['telegram', 'dingtalk', 'wecom']

/** The three group chats as `who()` sees them. */
export function createChats(container, who) {
  const panes = CHATS.map((chat) => createPane(chat, who))
  container.append(...panes.map((pane) => pane.element))
  return {
    show(room, chats) {
      for (const pane of panes) pane.show(room, chats[pane.chat])
    },
  }
}

function createPane(chat, who) {
  const element = copyOf('chat')
  const [heading, messages, form] = ['h2', '.messages', 'form'].map((selector) =>
    element.querySelector(selector),
  )
  element.classList.add(chat)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const text = form.elements.text.value.trim()
    if (text === '') return
    form.elements.text.value = ''
    await send('line', { as: who(), chat, text })
  })
  return {
    ...{ chat, element },
    show(room, list) {
      heading.textContent = `${label(chat)} · ${room}`
      element.ariaLabel = label(chat)
      messages.ariaLabel = label('messages', { chat: label(chat) })
      form.elements.text.dataset.chat = label(chat)
      translate(form)
      const atEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 40
      keep(messages, list, (message) =>
        createMessage(chat, (button) => press(chat, who(), message.id, button)),
      )
      if (atEnd) messages.scrollTop = messages.scrollHeight
    },
  }
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

async function press(chat, as, message, button) {
  const answer = await send('press', { as, chat, message, button })
  if (!answer) return
  if (!answer.answered) say(label('unanswered'), true)
  else if (answer.toast) say(answer.toast, answer.alert)
}
