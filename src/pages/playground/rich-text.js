import { make } from '../kit/dom.js'

/** Telegram's text: pieces between the ends of its entities, each with the entities over it as classes. */
export function withEntities(text, entities) {
  const ends = entities.flatMap(({ offset, length }) => [offset, offset + length])
  const cuts = [...new Set([0, ...ends, text.length])].sort((a, b) => a - b)
  return cuts.slice(0, -1).map((from, index) => {
    const over = entities.filter(({ offset, length }) => offset <= from && from < offset + length)
    const piece = text.slice(from, cuts[index + 1])
    const leads = over.some(({ type }) => type === 'url') && ADDRESS.test(piece)
    return leads ? linkTo(piece) : make('span', over.map(({ type }) => type).join(' '), piece)
  })
}

const ADDRESS = /^https?:\/\//
/** An address as it stands in a text, up to a blank or what may follow it in a sentence. */
const ADDRESSES = /(https?:\/\/[^\s<>"'()（）“”，。；、]+)/

/** Text in which each address can be followed, as all three apps show it. */
export const linked = (text) =>
  text.split(ADDRESSES).map((piece) => (ADDRESS.test(piece) ? linkTo(piece) : piece))

function linkTo(address) {
  return Object.assign(make('a', '', address), { href: address, target: '_blank', rel: 'noreferrer' })
}

/** The markdown that the robots of WeCom and DingTalk are sent: headings, quotes, items, bold and coloured words. */
export function markdown(text) {
  return text.split('\n').map((line) => {
    const [, mark = '', rest = ''] = /^\s*(#{1,6} |> ?|[-*] )?(.*)$/.exec(line.trimEnd()) ?? []
    return make('p', LINE_CLASS[mark.trim()[0]] ?? '', ...inline(rest))
  })
}

const LINE_CLASS = { '#': 'heading', '>': 'quote', '-': 'item', '*': 'item' }
const INLINE = /(\*\*.+?\*\*|<font color="\w+">.*?<\/font>)/

function inline(text) {
  return text.split(INLINE).flatMap((piece) => {
    if (piece.startsWith('**') && piece.length > 4) return make('strong', '', piece.slice(2, -2))
    const coloured = /^<font color="(\w+)">(.*)<\/font>$/.exec(piece)
    return coloured ? make('span', coloured[1], coloured[2]) : linked(piece)
  })
}
