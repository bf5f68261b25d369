import { keep, make } from '../kit/dom.js'
import { currentLanguage, label, speak } from '../kit/words.js'
import { readState, say, send } from './api.js'
import { showBreakers } from './breakers.js'
import { createChats } from './chats.js'
import { LINES } from './choices.js'
import './labels.js'
import { showStage } from './stage.js'
import { createTour } from './tour.js'
import { showTraffic } from './traffic.js'
import { showWays } from './ways.js'

/** How often the state is asked for, ms. */
const EVERY = 500

const who = document.getElementById('who')
const language = document.getElementById('language')
const chats = createChats(document.getElementById('chats'), () => who.value)
const tour = createTour(document.getElementById('tour'), { become, showGroup: chats.showGroup })
let last = ''

function show(state) {
  keep(
    who,
    state.players.map((player) => ({ ...player, id: player.key })),
    createPlayer,
  )
  showBreakers(state.breakers)
  chats.show(state)
  showStage(state)
  showWays(state)
  showTraffic(state)
  tour.show(state)
}

function become(key) {
  who.value = key
  void refresh()
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
/** The page's words, and with them those that the service speaks in the chats from then on. */
function spoken() {
  speak(currentLanguage())
  language.textContent = label('other')
  language.lang = currentLanguage() === 'en' ? 'zh-CN' : 'en'
  document
    .getElementById('lines')
    .replaceChildren(...LINES[currentLanguage()].map((value) => Object.assign(make('option'), { value })))
  tour.draw()
  if (last) show(JSON.parse(last))
}

language.addEventListener('click', async () => {
  const locale = currentLanguage() === 'en' ? 'zh-CN' : 'en'
  await send('language', { locale })
  speak(locale)
  spoken()
})
void send('language', { locale: currentLanguage() })
spoken()
poll()
