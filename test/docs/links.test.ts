import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { PAGES, proseOf, ROOT } from './pages.ts'

/** As GitHub makes them: small letters, no signs, blanks become hyphens; the second of a name gets a number. */
function anchorsOf(text: string): Set<string> {
  const seen = new Map<string, number>()
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!)
  return new Set(
    headings.map((heading) => {
      const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
      const slug = plain.replaceAll(/[^\p{L}\p{M}\p{N}_\- ]/gu, '').replaceAll(' ', '-')
      const times = seen.get(slug) ?? 0
      seen.set(slug, times + 1)
      return times === 0 ? slug : `${slug}-${times}`
    }),
  )
}

/** The links of a page that lead nowhere. */
function brokenIn(page: string): string[] {
  const links = [...proseOf(page).matchAll(/\]\(([^()\s]+)\)/g)].map(([, to]) => to!)
  return links
    .filter((to) => !/^[a-z]+:/.test(to))
    .filter((to) => {
      const [path = '', anchor] = to.split('#')
      const file = path === '' ? page : normalize(join(dirname(page), path))
      if (!existsSync(join(ROOT, file))) return true
      return anchor !== undefined && !anchorsOf(proseOf(file)).has(decodeURIComponent(anchor))
    })
}

test.each(PAGES)('the links of %s lead to pages, pictures and headings that are there', (page) => {
  expect(brokenIn(page)).toEqual([])
})

test('every page is linked from the index, or from the page in the other language', () => {
  const [index, chinese] = ['docs/README.md', 'docs/README.zh-CN.md']
  const linked = new Set(
    [index, chinese]
      .filter((page) => PAGES.includes(page))
      .flatMap((page) =>
        [...proseOf(page).matchAll(/\]\(([^()#\s]+)/g)].map(([, to]) => normalize(join('docs', to!))),
      ),
  )
  const pages = PAGES.filter((page) => /^docs\/[^/]+\.md$/.test(page) && ![index, chinese].includes(page))
  const alone = pages.filter((page) => !linked.has(page) && !linked.has(page.replace('.zh-CN', '')))
  expect(alone).toEqual([])
})

test('a heading’s anchor is made as GitHub makes it', () => {
  expect(
    anchorsOf('# The `closing` gate\n## 2. The group\n## 绑定\n### `quiet` and `maintenance`\n## 绑定\n'),
  ).toEqual(new Set(['the-closing-gate', '2-the-group', '绑定', 'quiet-and-maintenance', '绑定-1']))
})
