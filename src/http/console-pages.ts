import type { Words } from '../engine/console/console.ts'

/** The pages of signing in, as plain as can be: they work without any script. */

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => ESCAPES[one]!)

function shell(w: Words, title: string, body: string): string {
  return `<!doctype html>
<html lang="${w.locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} · BreakerBot</title>
<link rel="icon" href="/console/kit/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/console/style.css">
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</html>
`
}

const paragraph = (text: string): string => `<p>${escaped(text)}</p>`

/** The button takes the code; whoever only looks at the page has not used it up. */
export const signInPage = (w: Words, code: string): string =>
  shell(
    w,
    w.say('console.page.sign-in'),
    `${paragraph(w.say('console.page.sign-in-why'))}
<form method="post" action="/console/sign-in">
<input type="hidden" name="code" value="${escaped(code)}">
<button type="submit">${escaped(w.say('console.page.sign-in'))}</button>
</form>`,
  )

/** How one comes by a link, for whoever has none. */
export const goOnPage = (w: Words): string =>
  shell(w, w.say('console.page.title'), paragraph(w.say('console.page.how')))

export const errorPage = (
  w: Words,
  key: 'console.page.foreign' | 'console.page.starting' | 'console.page.used' | 'console.page.signed-out',
): string =>
  shell(w, w.say('console.page.title'), `${paragraph(w.say(key))}\n${paragraph(w.say('console.page.how'))}`)

/** Too many tries came from one address. */
export const waitPage = (w: Words, seconds: number): string =>
  shell(w, w.say('console.page.title'), paragraph(w.say('console.page.wait', { seconds })))

export const STYLE = `:root { color-scheme: light dark; font: 1.0625rem/1.6 system-ui, sans-serif }
body { margin: 0; display: grid; place-items: center; min-height: 100vh }
main { max-width: 30rem; padding: 1.5rem }
h1 { font-size: 1.5rem }
button { font: inherit; padding: .75rem 1.5rem; border: 0; border-radius: .5rem; background: #0b57d0; color: #fff }
button:focus-visible { outline: 3px solid #f5a623; outline-offset: 2px }
`
