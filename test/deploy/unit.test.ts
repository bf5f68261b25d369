import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { debianProgram } from '../../scripts/debian.ts'

const ROOT = join(import.meta.dirname, '../..')
const UNIT = readFileSync(join(ROOT, 'deploy/systemd/breakerbot.service'), 'utf8')
/** Tenths, as systemd-analyze reckons it: of 100, the less the better. */
const EXPOSED_AT_MOST = 15

const folder = mkdtempSync(join(tmpdir(), 'breakerbot-unit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Has systemd read the unit with this machine's Node and checkout in place of /opt/breakerbot. */
function analyze(unit: string, ...args: string[]) {
  const file = join(folder, 'breakerbot.service')
  const node = '/opt/breakerbot/node_modules/.bin/node'
  writeFileSync(file, unit.replace(node, process.execPath).replaceAll('/opt/breakerbot', ROOT))
  const { status, stdout, stderr } = spawnSync(debianProgram('systemd-analyze', 'systemd'), [...args, file], {
    encoding: 'utf8',
  })
  return { status, said: `${stdout}${stderr}` }
}

describe('the unit', () => {
  test('is one that systemd understands without a word', () => {
    const verify = ['verify', '--man=no', '--recursive-errors=no']
    expect(analyze(UNIT, ...verify)).toEqual({ status: 0, said: '' })
    expect(analyze(UNIT.replace('ProtectHome=yes', 'ProtectHorse=yes'), ...verify).said).toContain(
      'ProtectHorse',
    )
  })

  test('leaves little exposed', () => {
    const security = ['security', '--offline=true', '--no-pager', `--threshold=${EXPOSED_AT_MOST}`]
    const { status, said } = analyze(UNIT, ...security)
    expect({ status, said: said.trim().split('\n').at(-1) }).toMatchObject({ status: 0 })
    expect(analyze(UNIT.replace('PrivateUsers=yes', ''), ...security).status).not.toBe(0)
  })
})

test('the example of an environment has all that the example of a configuration asks for, and no more', () => {
  const wanted = readFileSync(join(ROOT, 'breakerbot.example.yaml'), 'utf8').matchAll(/\$\{(\w+)\}/g)
  const given = readFileSync(join(ROOT, 'deploy/breakerbot.env.example'), 'utf8').matchAll(/^(\w+)=$/gm)
  const names = new Set([...wanted].map(([, name]) => name))
  names.delete('NAME')
  expect([...given].map(([, name]) => name)).toEqual([...names])
})
