import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { importsOf } from '../scripts/arrows/imports.ts'
import { checkArrows } from '../scripts/check-arrows.ts'
import { makeTree } from './support/tree.ts'

const PROJECT = resolve(import.meta.dirname, '..')
const PACKAGE = JSON.stringify({
  dependencies: { zod: '1', '@scope/name': '1' },
  devDependencies: { aedes: '1' },
})

/** The findings of a made-up project, a line each: `file:line problem`. */
function findings(files: Record<string, string>): string[] {
  const found = checkArrows(makeTree({ 'package.json': PACKAGE, ...files }))
  return found.map(({ file, line, problem }) => `${file}:${line} ${problem}`)
}

test('the project keeps its own arrows', () => {
  const faults = checkArrows(PROJECT).filter((one) => !one.isWarning)
  expect(faults).toEqual([])
})

test('the command names each fault and ends with 1', () => {
  const root = makeTree({ 'src/domain/a.ts': "import { b } from '../store/b.ts'\n", 'src/store/b.ts': '' })
  const { status, stderr } = spawnSync(
    process.execPath,
    [resolve(PROJECT, 'scripts/check-arrows.ts'), root],
    { encoding: 'utf8' },
  )
  expect(status).toBe(1)
  expect(stderr).toContain('src/domain/a.ts:1 may not import src/store/b.ts')
})

test.each([
  ['src/domain/a.ts', '../store/store.ts'],
  ['src/domain/a.ts', '../log.ts'],
  ['src/text/a.ts', '../engine/x.ts'],
  ['src/store/sqlite/a.ts', '../../thingboot/x.ts'],
  ['src/channels/telegram/a.ts', '../dingtalk/x.ts'],
  ['src/channels/telegram/a.ts', '../../engine/x.ts'],
  ['src/channels/channel.ts', './telegram/x.ts'],
  ['src/thingboot/a.ts', '../channels/channel.ts'],
  ['src/config/a.ts', '../engine/x.ts'],
  ['src/pictures/a.ts', '../engine/x.ts'],
  ['src/engine/a.ts', '../pictures/painting.ts'],
  ['src/engine/a.ts', '../store/sqlite/open.ts'],
  ['src/engine/a.ts', '../channels/telegram/index.ts'],
  ['src/http/a.ts', '../store/store.ts'],
  ['src/simulator/wecom/a.ts', '../../domain/x.ts'],
  ['src/simulator/wecom/a.ts', '../telegram/x.ts'],
  ['src/simulator/kit/a.ts', '../wecom/x.ts'],
  ['src/simulator/wecom/a.ts', '../../channels/channel.ts'],
  ['src/cli/start.ts', '../simulator/wecom/x.ts'],
  ['src/cli/start.ts', '../demo.ts'],
  ['src/cli/start.ts', '../main.ts'],
  ['src/app.ts', './simulator/wecom/x.ts'],
  ['src/app.ts', './cli/start.ts'],
  ['src/engine/a.ts', '../app.ts'],
  ['src/pages/a.ts', '../domain/x.ts'],
])('%s may not import %s, in any form', (file, target) => {
  const forms = [
    `import { x } from '${target}'`,
    `import type { X } from '${target}'`,
    `import {\n  x,\n} from "${target}"`,
    `export { x } from '${target}'`,
    `export type * from '${target}'`,
    `export * as x from '${target}'`,
    `import '${target}'`,
    `const x = await import('${target}')`,
    `let x: import('${target}').X`,
  ]
  for (const form of forms)
    expect(findings({ [file]: form }).join('\n'), form).toContain('may not import src/')
})

test('what the arrows allow is no finding', () => {
  const files = {
    'src/domain/a.ts': "import type en from '../../locales/en.json'\nimport { b } from './b.ts'",
    'src/domain/b.ts': '',
    'src/text/a.ts':
      "import en from '../../locales/en.json' with { type: 'json' }\nimport { b } from '../domain/b.ts'",
    'src/store/store.ts': "import { z } from 'zod'",
    'src/store/sqlite/a.ts':
      "import { DatabaseSync } from 'node:sqlite'\nimport type { S } from '../store.ts'",
    'src/channels/channel.ts': "import type { B } from '../domain/b.ts'",
    'src/channels/telegram/a.ts': "import x from '@scope/name/sub'\nimport type { C } from '../channel.ts'",
    'src/engine/a.ts':
      "import type { S } from '../store/store.ts'\nimport type { C } from '../channels/channel.ts'",
    'src/http/a.ts': "import type { C } from '../channels/channel.ts'\nimport { a } from '../engine/a.ts'",
    'src/simulator/kit/k.ts': '',
    'src/simulator/wecom/a.ts': "import { k } from '../kit/k.ts'\nconst { Aedes } = await import('aedes')",
    'src/cli/demo.ts': "import { demo } from '../demo.ts'",
    'src/demo.ts': "import { a } from './simulator/wecom/a.ts'\nimport { app } from './app.ts'",
    'src/app.ts': "import { a } from './engine/a.ts'",
    'src/main.ts': "import { demo } from './cli/demo.ts'",
    'test/a.test.ts': "import { app } from '../src/app.ts'\nimport aedes from 'aedes'",
  }
  expect(findings(files)).toEqual([])
})

test('some places may be imported for their types only', () => {
  expect(findings({ 'src/http/a.ts': "\nimport { c } from '../channels/channel.ts'" })).toEqual([
    'src/http/a.ts:2 may import only types of src/channels/channel.ts: write «import type»',
  ])
  expect(findings({ 'src/domain/a.ts': "import en from '../../locales/en.json'" })).toHaveLength(1)
})

test('circles are found, also among types, and named once', () => {
  const files = {
    'src/domain/a.ts': "import { b } from './b.ts'",
    'src/domain/b.ts': "\nimport type { C } from './c.ts'",
    'src/domain/c.ts': "import { a } from './a.ts'\nimport { d } from './d.ts'",
    'src/domain/d.ts': '',
  }
  expect(findings(files)).toEqual([
    'src/domain/a.ts:1 stands in a circle of imports: src/domain/a.ts → src/domain/b.ts → src/domain/c.ts → src/domain/a.ts; move what two of them share to a third',
  ])
  expect(findings({ 'src/domain/a.ts': "import { a } from './a.ts'" })).toHaveLength(1)
})

test.each([
  ["import { x } from './b'", 'without its ending'],
  ["import { x } from './b.js'", 'without its ending'],
  ["import fs from 'fs'", 'write «node:fs»'],
  ["import x from 'left-pad'", 'not in package.json'],
  ["import aedes from 'aedes'", 'move it to dependencies'],
  ["import x from '../../../secret.ts'", 'outside the project'],
  ['const x = await import(name)', 'only known at run time'],
])('%s is a finding', (source, problem) => {
  expect(findings({ 'src/thingboot/a.ts': source })).toEqual([expect.stringContaining(problem)])
})

test('a file in no known place is a finding', () => {
  expect(findings({ 'src/helpers/a.ts': '' })).toEqual([
    expect.stringContaining('stands in no folder that has a rule'),
  ])
})

test('long files are warned of, then refused', () => {
  const check = (lines: number) => checkArrows(makeTree({ 'src/domain/a.ts': 'let a\n'.repeat(lines) }))
  expect(check(200)).toEqual([])
  expect(check(201)).toMatchObject([{ isWarning: true }])
  expect(check(220)).toMatchObject([{ isWarning: true }])
  expect(check(221)).toMatchObject([{ line: 221, isWarning: false }])
})

test('imports in comments, texts and expressions are none, those after them are', () => {
  const source = [
    "// import a from 'a'",
    '/*',
    "import b from 'b'",
    '*/',
    'const quoted = "import(\'c\')"',
    'const text = `',
    "import d from 'd'",
    '`',
    'const expression = [/[`\'"]/, /\\/\\*/]',
    "const link = 'https://example.com'; const e = import('e') // import('f')",
    'const nested = `$'.concat('{`g`}`'),
    "export const h = { from: 'h' }",
    "export { i } from 'i'",
  ].join('\n')
  expect(importsOf(source).map((one) => [one.specifier, one.line])).toEqual([
    ['i', 13],
    ['e', 10],
  ])
})
