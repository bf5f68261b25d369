import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder, type Ran, startProgram } from '../service/program.ts'
import { configText, createWorld, PLATFORMS, PUSH_TOKEN, untilReady, type World } from '../service/rig.ts'
import { closedPort } from '../support/closed-port.ts'
import { ROOT } from './pages.ts'

/** Where commands are typed: a folder with a configuration, and the service running on it against the simulators. */
export interface Place {
  url: string
  world: World
  /** Types a command into a shell there; `npx breakerbot` is the program of this checkout. */
  type(command: string, how?: Typing): Promise<Ran>
  close(): Promise<void>
}

export interface Typing {
  /** In a folder of its own, which has nothing but the example of a configuration, and what is to be deployed. */
  elsewhere?: boolean
  /** Ends the command the way Ctrl-C does, once it has said this. */
  until?: RegExp
}

const API_TOKEN = 'token-of-the-documentation-0123456789'
const TOKENS = `
api:
  tokens: [{ name: documentation, role: operator, token: "${API_TOKEN}" }]
`

/** What pages tell to put into the environment. */
const ENV = {
  TOKEN: API_TOKEN,
  THINGBOOT_APP_SECRET: 'secret-of-the-app',
  THINGBOOT_PUSH_TOKEN: 'a-long-random-token',
  TELEGRAM_TOKEN: '123456:ABC-DEF',
  DINGTALK_CLIENT_ID: 'ding',
  DINGTALK_CLIENT_SECRET: 'secret',
  WECOM_BOT_ID: 'bot',
  WECOM_SECRET: 'secret',
}

const PROGRAM = `npx() { shift; "${process.execPath}" "${join(ROOT, 'bin/breakerbot.js')}" "$@"; }`

export async function openPlace(): Promise<Place> {
  const world = await createWorld()
  const [folder, other] = [newFolder(), newFolder()]
  copyFileSync(join(ROOT, 'breakerbot.example.yaml'), join(other.path, 'breakerbot.example.yaml'))
  symlinkSync(join(ROOT, 'deploy'), join(other.path, 'deploy'))
  const config = configText(world, {
    more: TOKENS,
    publicUrl: 'https://bots.example',
    port: await closedPort(),
  })
  const program = await startProgram(folder.path, config)
  world.cloud.setPushUrl(`${program.url}/api/device/callback/${PUSH_TOKEN}`)
  await untilReady(program.url, PLATFORMS)
  return {
    url: program.url,
    world,
    type: (command, how = {}) =>
      typed(`PLACE=${folder.path}; ${command}`, how.elsewhere ? other.path : folder.path, how.until),
    async close() {
      await program.terminate()
      await world.close()
      folder.remove()
      other.remove()
    },
  }
}

async function typed(command: string, cwd: string, until?: RegExp): Promise<Ran> {
  const child = spawn('bash', ['-c', `${PROGRAM}\n${command}`], {
    cwd,
    env: { ...process.env, ...ENV },
    stdio: ['ignore', 'pipe', 'pipe'],
    // So that what the shell has started is ended with it.
    detached: true,
  })
  const ran: Ran = { code: null, out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    ran.out += chunk
    if (until?.test(ran.out)) process.kill(-child.pid!, 'SIGINT')
  })
  child.stderr.on('data', (chunk) => {
    ran.err += chunk
  })
  const [code] = await once(child, 'close')
  return { ...ran, code }
}
