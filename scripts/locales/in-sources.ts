import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

/** The code of one file, without its comments. */
export interface Source {
  file: string
  code: string
}

/** What people who use the product may read: the simulators and the playground's pages are not it. */
const OTHERS = /^src\/(?:simulator|pages|demo)\//

/** All sources of the product under a root. */
export function sourcesOf(root: string): Source[] {
  return globSync('src/**/*.ts', { cwd: root })
    .map((found) => found.split(sep).join('/'))
    .filter((file) => !OTHERS.test(file))
    .sort()
    .map((file) => ({ file, code: withoutComments(readFileSync(join(root, file), 'utf8')) }))
}

/** Keeps the lines where they are. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|\s)\/\/.*$/gm, '$1')
}

/** Tells whether the sources name a key: whole in quotes, or as a template may become. */
export function namedIn(sources: readonly Source[]): (key: string) => boolean {
  const all = sources.map((one) => one.code).join('\n')
  const whole = new Set([...all.matchAll(/'([a-z]+(?:[.-][a-z-]+)*)'/g)].map((found) => found[1]!))
  const patterns = keyPatterns(sources)
  return (key) => whole.has(key) || patterns.some((one) => one.test(key))
}

/** What keys that are put together by a template may look like. */
export function keyPatterns(sources: readonly Source[]): RegExp[] {
  return sources
    .flatMap(({ code }) => [...code.matchAll(/`([a-z]+\.(?:[^`\s$]|\$\{[^`}]*\})+)`/g)])
    .map((found) => new RegExp(`^${found[1]!.replace(/\$\{[^}]*\}/g, '[a-z-]+')}$`))
}

/**
 * Where Chinese words may stand in the code: they are read there, not said, or name a page of a console for whoever
 * runs the service.
 */
const MAY: readonly string[] = [
  'src/cli/',
  'src/config/',
  'src/thingboot/',
  'src/domain/arrange-words.ts',
  'src/domain/energy-asked.ts',
  'src/domain/command.ts',
  'src/domain/energy-asked.ts',
  'src/domain/find-breaker.ts',
  'src/domain/history.ts',
  'src/domain/until.ts',
  'src/channels/dingtalk/errors.ts',
  'src/channels/dingtalk/supervisor.ts',
  'src/channels/wecom/robot-line.ts',
  'src/channels/wecom/supervisor.ts',
]

/** Chinese sentences that people would read in chats in whatever language they speak. */
export function sentencesIn(sources: readonly Source[]): { file: string; line: number; text: string }[] {
  return sources
    .filter(({ file }) => !MAY.some((place) => file.startsWith(place)))
    .flatMap(({ file, code }) =>
      [...code.matchAll(/(['"`])((?:\\.|(?!\1)[^\\])*?\p{Script=Han}(?:\\.|(?!\1)[^\\])*?)\1/gu)].map(
        (found) => ({
          file,
          line: code.slice(0, found.index).split('\n').length,
          text: found[2]!,
        }),
      ),
    )
}
