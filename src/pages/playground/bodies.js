import { make } from '../kit/dom.js'
import { label } from '../kit/words.js'
import { linked, markdown, withEntities } from './rich-text.js'

/** What a message holds, drawn as its platform would. `onPress` gets the key of a pressed button. */
function bodyOf(body, onPress) {
  return DRAW[body.type](body, onPress)
}

/** Its picture, if it has one, and below it what it says. */
export function contentOf(chat, { picture, body }, onPress) {
  if (picture === undefined) return bodyOf(body, onPress)
  const image = make('img', 'picture')
  image.src = `api/picture?${new URLSearchParams({ chat, id: picture })}`
  image.alt = label('picture')
  return body.text === '' ? [image] : [image, ...bodyOf(body, onPress)]
}

const DRAW = {
  text: ({ text }) => [make('div', 'bubble', ...linked(text))],
  markdown: ({ text }) => [make('div', 'bubble', ...markdown(text))],
  telegram({ text, entities, keyboard, edited }, onPress) {
    const bubble = make('div', 'bubble', ...withEntities(text, entities))
    if (edited) bubble.append(make('span', 'edited', label('edited')))
    return [bubble, ...keyboard.map((row) => buttons(row, onPress))]
  },
  dingtalk({ title, markdown: text, tips, buttons: list }, onPress) {
    return [
      make(
        'div',
        'card',
        make('h3', '', title),
        ...markdown(text),
        ...line('tips', tips),
        ...rowOf(list, onPress),
      ),
    ]
  },
  wecom({ title, desc, quote, subTitle, rows, buttons: list }, onPress) {
    const facts = make(
      'dl',
      '',
      ...rows.flatMap(({ keyname, value }) => [make('dt', '', keyname), make('dd', '', value)]),
    )
    return [
      make(
        'div',
        'card',
        make('h3', '', title),
        ...line('desc', desc),
        ...line('quote', quote),
        ...line('sub', subTitle),
        facts,
        ...rowOf(list, onPress),
      ),
    ]
  },
}

const line = (className, text) => (text ? [make('p', className, text)] : [])

const rowOf = (list, onPress) => (list.length > 0 ? [buttons(list, onPress)] : [])

function buttons(list, onPress) {
  return make('div', 'buttons', ...list.map((button) => drawButton(button, onPress)))
}

function drawButton({ key, text, style }, onPress) {
  const button = make('button', style, text)
  button.type = 'button'
  button.addEventListener('click', async () => {
    button.ariaBusy = 'true'
    await onPress(key)
    button.ariaBusy = null
  })
  return button
}
