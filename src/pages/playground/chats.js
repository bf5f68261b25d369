import { copyOf } from '../kit/dom.js'
import { label, translate } from '../kit/words.js'
import { send } from './api.js'
import { createPlace } from './place.js'
import { createTabs } from './tabs.js'

const CHATS = ['telegram', 'dingtalk', 'wecom']
const PLACES = ['group', 'single']

/** The three platforms as `who()` sees them: the group chat of each, and the chat with the bot alone. */
export function createChats(container, who) {
  const panes = CHATS.map((chat) => createPane(chat, who))
  container.append(...panes.map((pane) => pane.element))
  return {
    show(state) {
      for (const pane of panes) pane.show(state)
    },
    /** Turns to the group, where it is about that. */
    showGroup(chat) {
      panes.find((pane) => pane.chat === chat).open('group')
    },
  }
}

function createPane(chat, who) {
  const element = copyOf('chat')
  const [heading, tablist, form, start] = ['h2', '.places', 'form', '.start'].map((selector) =>
    element.querySelector(selector),
  )
  const places = PLACES.map((place) => createPlace(chat, place, who))
  const tabs = createTabs(tablist, places, draw)
  let state
  element.classList.add(chat)
  form.before(...places.map((place) => place.element))
  const write = (text) => send('line', { as: who(), chat, place: tabs.chosen().name, text })
  start.addEventListener('click', () => write('/start'))
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const text = form.elements.text.value.trim()
    if (text === '') return
    form.elements.text.value = ''
    await write(text)
  })

  function draw() {
    if (!state) return
    const { room, chats, players } = state
    const { open } = chats[chat]
    const chosen = tabs.chosen()
    const { name } = players.find(({ key }) => key === who())
    const isShut = chosen.name === 'single' && chat === 'telegram' && !open
    heading.textContent = label(chat)
    element.ariaLabel = label(chat)
    form.elements.text.dataset.chat = label(chat)
    translate(element)
    form.hidden = isShut
    start.hidden = !isShut
    for (const place of places) place.show(chats[chat], { name, isChosen: place === chosen })
    tabs.show({ group: room, single: label('single') })
  }

  return {
    ...{ chat, element },
    show(next) {
      state = next
      draw()
    },
    open: tabs.choose,
  }
}
