import { readState, say } from './api.js'
import { showBreakers } from './breakers.js'
import { createChats } from './chats.js'
import { keep, make } from './dom.js'
import { label, switchLanguage } from './labels.js'
import { showTraffic } from './traffic.js'

/** How often the state is asked for, ms. */
const EVERY = 500

const who = document.getElementById('who')
const language = document.getElementById('language')
const chats = createChats(document.getElementById('chats'), () => who.value)
let last = ''

function show(state) {
  keep(
    who,
    state.players.map((player) => ({ ...player, id: player.key })),
    createPlayer,
  )
  showBreakers(state.breakers)
  chats.show(state.room, state.chats)
  showTraffic(state)
}

function createPlayer({ key }) {
  const element = make('option')
  element.value = key
  return {
    element,
    update({ name, role }) {
      element.textContent = `${name} (${label(`role.${role}`)})`
    },
  }
}

async function refresh() {
  const viewer = who.value
  const text = await readState(viewer)
  if (viewer !== '' && viewer !== who.value) return
  if (text === undefined && last !== '') say(label('unreachable'), true)
  if (text !== undefined && text !== last) show(JSON.parse(text))
  last = text ?? ''
}

async function poll() {
  await refresh()
  setTimeout(poll, EVERY)
}

who.addEventListener('change', refresh)
language.addEventListener('click', () => {
  switchLanguage()
  language.textContent = label('other')
  language.lang = document.documentElement.lang === 'en' ? 'zh-CN' : 'en'
  if (last) show(JSON.parse(last))
})
poll()
