import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inProduction, lockedIn, nameOf, tree } from '../scripts/dependencies.ts'

const ROOT = join(import.meta.dirname, '..')
const packages = lockedIn(join(ROOT, 'package-lock.json'))
const others = [...packages].filter(([place]) => place !== '')
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
  allowScripts: Record<string, boolean>
} & Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>

test('every package is locked by its content, and comes from whatever registry one uses', () => {
  expect(others.filter(([, one]) => !one.integrity?.startsWith('sha512-')).map(([place]) => place)).toEqual(
    [],
  )
  expect(others.filter(([, one]) => one.resolved !== undefined).map(([place]) => place)).toEqual([])
})

test('what is asked for is asked for exactly', () => {
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'] as const)
    for (const [name, version] of Object.entries(manifest[kind])) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
      expect(packages.get(`node_modules/${name}`)?.version, name).toBe(version)
    }
})

test('scripts that run at the installation are known, and none is let run', () => {
  const withScript = others.filter(([, one]) => one.hasInstallScript).map(([place]) => nameOf(place))
  // It would only build what msgpackr does without.
  expect(withScript).toEqual(['msgpackr-extract'])
  expect(manifest.allowScripts).toEqual({ 'msgpackr-extract': false })
})

test('all that runs in production has a licence that lets it', () => {
  const allowed = [
    'MIT',
    'MIT-0',
    'ISC',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    '0BSD',
    'BlueOak-1.0.0',
    'Unlicense',
  ]
  const odd = inProduction(packages).filter(([, { license = '' }]) => !allowed.includes(license))
  expect(odd.map(([place, { license }]) => `${place}: ${license}`)).toEqual([])
})

test('the tree names every package of production', () => {
  const named = new Set(tree(packages).map((line) => line.trim().split(' ')[0]))
  const left = inProduction(packages).filter(([place, one]) => !one.optional && !named.has(nameOf(place)))
  expect(left.map(([place]) => place)).toEqual([])
})

test('the bill of materials is made, and whole', () => {
  const script = join(ROOT, 'scripts/sbom.ts')
  const bill = JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' })) as {
    bomFormat: string
    components: { purl: string; hashes?: object[]; licenses?: object[] }[]
  }
  expect(bill.bomFormat).toBe('CycloneDX')
  const listed = new Set(bill.components.map(({ purl }) => decodeURIComponent(purl)))
  const wanted = new Set(
    inProduction(packages).map(([place, { version }]) => `pkg:npm/${nameOf(place)}@${version}`),
  )
  expect(listed).toEqual(wanted)
  for (const one of bill.components) expect(one.hashes, one.purl).toHaveLength(1)
})
