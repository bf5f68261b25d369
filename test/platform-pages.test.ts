import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const SAID = globSync(['src/{app,channels,cli,engine}/**/*.ts', 'locales/*.json'], { cwd: ROOT })
  .map(read)
  .join('\n')

/** The sentences in the tables of what can go wrong: they must be those that the service says. */
function quoted(page: string): string[] {
  const firsts = read(page).matchAll(/^\| (.*?) \|/gm)
  return [...firsts].flatMap(([, cell]) => [...cell!.matchAll(/\*([^*]+)\*/g)].map((found) => found[1]!))
}

describe.each(['telegram', 'dingtalk', 'wecom'])('the page of %s', (platform) => {
  const pages = [`docs/${platform}.md`, `docs/${platform}.zh-CN.md`]

  test('quotes what the service says, word for word, alike in both languages', () => {
    for (const page of pages) {
      const sentences = quoted(page)
      expect(sentences.length).toBeGreaterThan(3)
      for (const fragment of sentences.flatMap((one) => one.split(/\s*…\s*/).filter(Boolean)))
        expect(SAID.includes(fragment), `${page}: «${fragment}»`).toBe(true)
    }
    const [english, chinese] = pages.map((page) => quoted(page).filter((one) => /^[\x20-\x7e…]+$/.test(one)))
    expect(chinese!.filter((one) => !english!.includes(one))).toEqual([])
  })

  test('says how to bind and to try, and that it was not tried itself', () => {
    for (const page of pages) {
      const text = read(page)
      for (const word of ['breakerbot bind --room', 'breakerbot bind --person', 'check --online'])
        expect(text).toContain(word)
      expect(text).toMatch(/\(first-run(\.zh-CN)?\.md\)/)
      expect(text).toMatch(/was not tried against the real service|没有在真实服务上试过/)
      expect(read('README.md')).toContain(pages[0]!)
      expect(read('README.zh-CN.md')).toContain(pages[1]!)
    }
  })
})
