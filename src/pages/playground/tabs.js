import { copyOf } from '../kit/dom.js'
import { label } from '../kit/words.js'

/** One tab for each panel; the arrow keys go from one to the next. `onChoose` is called after another was chosen. */
export function createTabs(tablist, panels, onChoose) {
  const tabs = panels.map(createTab)
  let chosen = 0
  tablist.append(...tabs)

  function createTab({ element }, index) {
    const tab = copyOf('tab')
    tab.id = `${element.id}-tab`
    tab.setAttribute('aria-controls', element.id)
    element.setAttribute('aria-labelledby', tab.id)
    tab.addEventListener('click', () => choose(index))
    tab.addEventListener('keydown', ({ key }) => {
      if (key !== 'ArrowLeft' && key !== 'ArrowRight') return
      const next = (index + (key === 'ArrowRight' ? 1 : tabs.length - 1)) % tabs.length
      choose(next)
      tabs[next].focus()
    })
    return tab
  }

  function choose(index) {
    if (index === chosen) return
    chosen = index
    onChoose()
  }

  return {
    chosen: () => panels[chosen],
    choose: (name) => choose(panels.findIndex((panel) => panel.name === name)),
    /** @param names what each tab is called */
    show(names) {
      tabs.forEach((tab, index) => {
        const { name, unread } = panels[index]
        tab.ariaSelected = String(index === chosen)
        tab.tabIndex = index === chosen ? 0 : -1
        const count = unread()
        tab.ariaLabel = count > 0 ? label('unread', { of: names[name], count }) : null
        tab.querySelector('.of').textContent = names[name]
        tab.querySelector('.unread').textContent = count > 0 ? String(count) : ''
      })
    },
  }
}
