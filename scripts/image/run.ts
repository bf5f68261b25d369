import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { buildImage, type Image } from './build.ts'
import { type Container, openContainer } from './container.ts'
import { parseDockerfile } from './dockerfile.ts'
import { CONFIG, DRAW } from './try.ts'

/**
 * Performs the Dockerfile's steps in a clean folder, measures what comes of them, and starts it with nothing to write
 * to but its volume: everything that the image promises, without an engine. For root on a Debian 12.
 */

const ROOT = join(import.meta.dirname, '../..')
/** Bytes, unpacked. */
const MOST = 200e6
const IN_NAMESPACE = '--in-namespace'

function expect(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`not so: ${what}`)
  console.log(`ok   ${what}`)
}

/** Runs a command in the image to its end. */
async function finish(child: ChildProcess): Promise<{ code: number | null; out: string }> {
  const [[code], out, err] = await Promise.all([
    once(child, 'close'),
    text(child.stdout!),
    text(child.stderr!),
  ])
  return { code, out: `${out}${err}` }
}

function measure(image: Image): void {
  const size = (...args: string[]) =>
    Number(execFileSync('du', ['-sb', ...args], { encoding: 'utf8' }).split('\t')[0])
  const packed = execFileSync('sh', ['-c', 'tar -C "$1" -c . | gzip | wc -c', 'sh', image.root], {
    encoding: 'utf8',
  })
  const bytes = size(image.root)
  const tell = (what: string, amount: number) =>
    console.log(`     ${what.padEnd(28)}${(amount / 1e6).toFixed(1)} MB`)
  tell('Node', size(join(image.root, 'usr/local/bin')))
  tell('modules', size(join(image.root, 'app/node_modules')))
  tell('the image, compressed', Number(packed))
  tell('the image, unpacked', bytes)
  expect(bytes < MOST, `the image has less than ${MOST / 1e6} MB`)
}

/** Every package that the program names is found and can be loaded, after all that was left out. */
async function loadModules({ start }: Container): Promise<void> {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const names = Object.keys(dependencies)
  const script = `for (const name of ${JSON.stringify(names)}) await import(name)`
  const loaded = await finish(start(['node', '--input-type=module', '-e', script]))
  expect(
    loaded.code === 0,
    `all ${names.length} packages can be loaded ${loaded.code ? loaded.out : ''}`.trim(),
  )
  const drawn = await finish(start(['node', '--input-type=module', '-e', DRAW, '/app']))
  expect(drawn.code === 0, `it draws pictures ${drawn.out}`.trim())
}

async function isSealed({ start }: Container): Promise<void> {
  const script = `const fs = require('fs')
    const canWrite = (path) => { try { fs.writeFileSync(path + '/try', ''); return true } catch { return false } }
    console.log(JSON.stringify([process.getuid(), process.getgroups(), ['/', '/app', '/app/src', '/etc'].filter(canWrite),
      ['/app/data', '/tmp'].filter(canWrite), fs.existsSync('/bin/sh')]))`
  const { out } = await finish(start(['node', '-e', script]))
  const [uid, groups, writable, own, shell] = JSON.parse(out)
  expect(
    uid === 1000 && groups.every((one: number) => one === 1000),
    'it runs as user and group 1000, in no other',
  )
  expect(writable.length === 0 && own.length === 2, 'it can write to its volume and /tmp, and nowhere else')
  expect(shell === false, 'there is no shell')
}

async function serves({ start }: Container, image: Image): Promise<void> {
  const environment = { PUSH_TOKEN: 'a-long-random-text-of-ones-own' }
  const service = start(image.command, environment)
  const ended = once(service, 'close')
  let said = ''
  service.stderr!.on('data', (chunk) => (said += chunk))
  const line = await Promise.race([once(service.stdout!, 'data'), ended, delay(20_000, [''], { ref: false })])
  const url = /^ready on (http:\S+)\n$/.exec(String(line[0]))?.[1]
  expect(url !== undefined, `it starts${url === undefined ? `: ${said}` : ''}`)
  const env = { HEALTH_PORT: new URL(url!).port }
  const inside = async (...args: string[]) =>
    finish(start(['node', 'bin/breakerbot.js', ...args], environment))
  try {
    expect((await finish(start(image.health, env))).code === 0, 'its health check says that it is well')
    const push = await inside('simulate', 'trip', '--url', url!)
    expect(push.code === 0, 'it takes pushes')
    const verified = await inside('audit', 'verify')
    expect(
      /^the audit chain is whole/.test(verified.out),
      `«docker exec … audit verify»: ${verified.out.trim()}`,
    )
    const copied = await inside('backup', 'data/copy.db')
    expect(copied.code === 0, `«docker exec … backup»: ${copied.out.trim()}`)
  } finally {
    service.kill(image.stopSignal as NodeJS.Signals)
  }
  const [code] = await ended
  expect(code === 0, `it ends with 0 at ${image.stopSignal}`)
  const restored = await inside('restore', 'data/copy.db')
  expect(restored.code === 0, `«docker run … restore»: ${restored.out.trim()}`)
  expect(
    (await finish(start(image.health, env))).code === 1,
    'then its health check says that it is not well',
  )
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-image-'))
  try {
    // In memory, for an overlay cannot lie upon another one, and all of it goes with the namespace.
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder])
    const stages = parseDockerfile(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'))
    const image = buildImage(stages, { context: ROOT, folder, node: process.execPath })
    measure(image)
    const container = openContainer(image, { '/app/breakerbot.yaml': CONFIG })
    await loadModules(container)
    await isSealed(container)
    await serves(container, image)
  } finally {
    execFileSync('umount', ['-R', '-l', folder])
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv.includes(IN_NAMESPACE)) await main()
else if (process.getuid?.() !== 0) {
  console.error(
    'The image is made of mounts here: run this as root, or «docker build .» where there is an engine.',
  )
  process.exitCode = 1
} else {
  const again = [process.execPath, import.meta.filename, IN_NAMESPACE]
  const { status } = spawnSync('unshare', ['--mount', '--propagation=private', ...again], {
    stdio: 'inherit',
  })
  process.exitCode = status ?? 2
}
