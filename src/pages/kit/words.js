/** The words of a page in each language, by key. What stands in the chats comes from the service. */
const WORDS = { 'zh-CN': {}, en: {} }

/** As the address says (`?lang=en`), else as the reader's browser does. */
const wanted = new URLSearchParams(location.search).get('lang') ?? navigator.language
let language = wanted.startsWith('zh') ? 'zh-CN' : 'en'

export const currentLanguage = () => language

/** Adds a page's words; `{ 'zh-CN': { key: text }, en: { … } }`. */
export function addWords(words) {
  for (const [of, texts] of Object.entries(words)) Object.assign(WORDS[of], texts)
}

export function speak(wanted) {
  language = wanted
  document.documentElement.lang = language
  translate(document)
}

/** Its last part stands for a key that has no words. */
export function label(key, values = {}) {
  const text = WORDS[language][key] ?? key.split('.').at(-1)
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '')
}

/** Fills in what is marked in the page or in a copied template. */
export function translate(root) {
  for (const one of root.querySelectorAll('[data-label]')) one.textContent = label(one.dataset.label)
  for (const one of root.querySelectorAll('[data-aria]')) one.ariaLabel = label(one.dataset.aria, one.dataset)
  for (const one of root.querySelectorAll('[data-title]')) one.title = label(one.dataset.title)
  for (const one of root.querySelectorAll('[data-hint]')) one.placeholder = label(one.dataset.hint)
}
