import { make } from '../kit/dom.js'
import { label } from '../kit/words.js'
import { quiet, ready, SCENARIOS } from './tour-steps.js'
import './tour-labels.js'

/**
 * The guided tour: one scenario at a time, which goes on by what really happened. `become(key)` takes somebody's part,
 * `showGroup(chat)` turns to a platform's group.
 */
export function createTour(container, { become, showGroup }) {
  const menu = make('div', 'scenarios')
  const text = make('p', 'say')
  const progress = make('span', 'progress')
  const act = make('button', 'primary')
  const end = make('button')
  const bar = make('div', 'controls', act, end, progress)
  text.setAttribute('aria-live', 'polite')
  for (const button of [act, end]) button.type = 'button'
  container.append(menu, text, bar)
  let state
  /** Where the tour stands; `since`: lines of the audit from then on count. */
  let at

  async function begin(name) {
    text.textContent = label('tour.ready')
    await Promise.all([ready(state), quiet(state)])
    go({ name, step: 0, since: Date.now() })
  }

  function go(next) {
    at = next
    for (const one of document.querySelectorAll('.chat.target')) one.classList.remove('target')
    const step = stepOf()
    if (step?.as) become(step.as)
    if (step?.chat) showGroup(step.chat)
    const target = step?.chat && document.querySelector(`.chat.${step.chat}`)
    target?.classList.add('target')
    target?.scrollIntoView({ block: 'nearest' })
    draw()
  }

  const stepOf = () => at && SCENARIOS[at.name][at.step]

  function draw() {
    const step = stepOf()
    menu.replaceChildren(...Object.keys(SCENARIOS).map(scenarioButton))
    text.textContent = step ? label(step.say) : label('tour.intro')
    act.hidden = !step?.act
    act.textContent = step?.act ? label(`${step.say}.act`) : ''
    bar.hidden = !step
    container.classList.toggle('running', Boolean(step))
    const isLast = at && at.step === SCENARIOS[at.name].length - 1
    end.textContent = label(isLast ? 'tour.done' : 'tour.end')
    progress.textContent = step ? `${at.step + 1} / ${SCENARIOS[at.name].length}` : ''
  }

  function scenarioButton(name) {
    const button = make('button', at?.name === name ? 'chosen' : '', label(`tour.${name}`))
    button.type = 'button'
    button.disabled = !state
    button.setAttribute('aria-pressed', String(at?.name === name))
    button.addEventListener('click', () => begin(name))
    return button
  }

  act.addEventListener('click', async () => {
    act.disabled = true
    await stepOf()?.act?.()
    act.disabled = false
  })
  end.addEventListener('click', () => go(undefined))

  return {
    draw,
    /** Goes on where what was to happen has happened. */
    show(next) {
      const isFirst = !state
      state = next
      if (isFirst) draw()
      const step = stepOf()
      if (!step?.done) return
      const lines = next.audit.filter((one) => one.at >= at.since)
      if (step.done(lines)) go({ ...at, step: at.step + 1, since: lines.at(-1).at + 1 })
    },
  }
}
