import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { debianProgram } from '../../scripts/debian.ts'
import { forEachTest, type newFolder, startProgram } from '../service/program.ts'
import { configText, type World } from '../service/rig.ts'
import { until } from '../support/until.ts'

let world: World
let folder: ReturnType<typeof newFolder>
forEachTest((one) => {
  ;({ world, folder } = one)
})

/** systemd's ear: a datagram socket of the system's own kind, which Node cannot open. */
const EAR = `use Socket; $| = 1;
  socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die;
  bind($socket, sockaddr_un($ARGV[0])) or die;
  print "listening\\n";
  while (defined(recv($socket, my $word, 4096, 0))) { $word =~ s/\\n/ /g; print "$word\\n" }`

async function listen(): Promise<{ socket: string; heard(): string[] }> {
  const socket = join(folder.path, 'notify')
  const ear = spawn('perl', ['-e', EAR, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void ear.kill())
  let text = ''
  ear.stdout.on('data', (chunk) => {
    text += chunk
  })
  await once(ear.stdout, 'data')
  const isWord = (line: string) => line !== '' && line !== 'listening' && !line.startsWith('BARRIER')
  return { socket, heard: () => text.split('\n').filter(isWord) }
}

/** With the folder of systemd-notify on the PATH. */
function environment(socket: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const found = dirname(debianProgram('systemd-notify', 'systemd'))
  return { PATH: `${found}:${process.env.PATH}`, NOTIFY_SOCKET: socket, ...more }
}

test('systemd is told of the start, of a reload, of the end, and while the service lives', async () => {
  const { socket, heard } = await listen()
  const config = configText(world, { platforms: ['telegram'] })
  const program = await startProgram(folder.path, config, environment(socket, { WATCHDOG_USEC: '100000' }))
  const beats = () => heard().filter((word) => word === 'WATCHDOG=1').length
  await until(() => heard().includes(`READY=1 STATUS=ready on ${program.url}`), 'the word that it is ready')
  await until(() => beats() >= 3, 'signs of life')
  program.reload(config)
  await until(() => heard().includes('RELOADING=1'), 'the word that it reads its configuration')
  const since = () => heard().slice(heard().indexOf('RELOADING=1'))
  await until(() => since().includes('READY=1'), 'the word that it has read it')
  expect(heard()).not.toContain('STOPPING=1')
  expect((await program.terminate()).code).toBe(0)
  expect(heard()).toContain('STOPPING=1')
})

test('a watchdog that waits for another process is told nothing', async () => {
  const { socket, heard } = await listen()
  const env = environment(socket, { WATCHDOG_USEC: '100000', WATCHDOG_PID: '1' })
  const program = await startProgram(folder.path, configText(world, { platforms: ['telegram'] }), env)
  await until(() => heard().some((word) => word.startsWith('READY=1')), 'the word that it is ready')
  await program.terminate()
  expect(heard().at(-1)).toBe('STOPPING=1')
})

test('where systemd cannot be told the log says so once, and the service runs', async () => {
  const broken = join(folder.path, 'systemd-notify')
  writeFileSync(broken, '#!/bin/sh\necho no socket >&2\nexit 1\n')
  chmodSync(broken, 0o755)
  const env = {
    PATH: `${folder.path}:${process.env.PATH}`,
    NOTIFY_SOCKET: '/nowhere',
    WATCHDOG_USEC: '100000',
  }
  const program = await startProgram(folder.path, configText(world, { platforms: ['telegram'] }), env)
  const complaints = () => program.ran.err.match(/systemd could not be told/g)?.length ?? 0
  await until(() => complaints() > 0, 'the complaint')
  expect((await program.terminate()).code).toBe(0)
  expect(complaints()).toBe(1)
})
