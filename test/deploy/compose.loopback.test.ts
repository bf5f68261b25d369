import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { debianProgram } from '../../scripts/debian.ts'
import { execForm, parseDockerfile } from '../../scripts/image/dockerfile.ts'
import { start } from '../../src/cli/start.ts'
import { checkFitness } from '../../src/store/redis/fitness.ts'
import { until } from '../support/until.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const { version } = JSON.parse(read('package.json'))

interface Service {
  image: string
  build?: string
  command: string[]
  ports?: string[]
  volumes: string[]
  networks?: string[]
  mem_limit: string
  [more: string]: unknown
}
interface Compose {
  services: Record<string, Service>
  volumes: Record<string, unknown>
  networks?: Record<string, unknown>
}

const load = (file: string): Compose => parse(read(file), { merge: true })
const FILES = ['compose.yaml', 'compose.redis.yaml']
const isOurs = ({ build }: Service) => build !== undefined

/** What we use of the specification: a key that is not among these is a slip. */
const KEYS = [
  ...[
    'build',
    'image',
    'command',
    'env_file',
    'volumes',
    'ports',
    'restart',
    'stop_grace_period',
    'read_only',
  ],
  ...['tmpfs', 'cap_drop', 'security_opt', 'mem_limit', 'pids_limit', 'logging', 'depends_on', 'networks'],
  ...['user', 'healthcheck'],
]

describe.each(FILES)('%s', (file) => {
  const compose = load(file)
  const services = Object.entries(compose.services)

  test('has keys that Compose knows, and names nothing that is not declared', () => {
    for (const [, { volumes, networks = [], ...service }] of services) {
      expect(Object.keys(service).filter((key) => !KEYS.includes(key))).toEqual([])
      const named = volumes.map((one) => one.split(':')[0]!).filter((one) => !one.startsWith('.'))
      expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(named))
      expect(Object.keys(compose.networks ?? {})).toEqual(expect.arrayContaining(networks))
    }
  })

  test.each(services)('%s can do no more than it must', (_, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
      logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } },
    })
    expect(service.mem_limit).toMatch(/^[12]g$/)
    expect(service.image).toMatch(/:\d+\.\d+\.\d+/)
  })

  test.each(services.filter(([, one]) => isOurs(one)))('%s fits what the image is', (_, service) => {
    const steps = parseDockerfile(read('Dockerfile')).at(-1)!.steps
    const said = (word: string) => steps.find((step) => step.word === word)!.rest
    const targets = service.volumes.map((one) => one.split(':')[1])
    expect(targets).toEqual(['/app/conf', ...execForm(said('VOLUME'))!])
    expect(service.ports!.map((port) => port.split(':').at(-1))).toEqual([said('EXPOSE')])
    expect(parse(read('breakerbot.example.yaml')).server.port).toBe(Number(said('EXPOSE')))
    expect(service.image).toBe(`breakerbot:${version}`)
    const [command, option, config] = service.command
    expect(command).toBe('start')
    expect(Object.keys(start.options).map((name) => `--${name}`)).toContain(option)
    expect(join(said('WORKDIR'), config!)).toBe(`${targets[0]}/breakerbot.yaml`)
    // It takes up to 10 s to end in order.
    expect(Number.parseInt(String(service.stop_grace_period), 10)).toBeGreaterThan(10)
  })
})

test('with Redis, each instance has a volume and a port of its own, and waits for it', () => {
  const { services, networks } = load('compose.redis.yaml')
  const instances = Object.values(services).filter(isOurs)
  expect(instances).toHaveLength(2)
  for (const part of ['ports', 'volumes'] as const)
    expect(new Set(instances.map((one) => one[part]!.at(-1))).size).toBe(2)
  for (const one of instances) expect(one.depends_on).toEqual({ redis: { condition: 'service_healthy' } })
  expect(networks!.store).toEqual({ internal: true })
  expect(services.redis!.networks).toEqual(['store'])
  expect(services.redis!.ports).toBe(undefined)
})

test('its Redis starts with these words, and keeps what the service needs, without a warning', async () => {
  const { command, healthcheck } = load('compose.redis.yaml').services.redis!
  const [program, ...words] = command
  expect(program).toBe('redis-server')
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-compose-'))
  const socket = join(folder, 'socket')
  const own = ['--port', '0', '--unixsocket', socket, '--dir', folder]
  const server = spawn(debianProgram('redis-server', 'redis-server'), [...words, ...own], { stdio: 'ignore' })
  onTestFinished(async () => {
    server.kill('SIGKILL')
    await once(server, 'exit')
    rmSync(folder, { recursive: true })
  })
  const redis = new Redis({ path: socket, retryStrategy: () => 50 })
  redis.on('error', () => {})
  onTestFinished(() => redis.disconnect())
  await until(async () => (await redis.ping()) === 'PONG')
  expect(healthcheck).toMatchObject({ test: ['CMD', 'redis-cli', 'ping'] })
  const warned: string[] = []
  const log = { warn: (_: object, text: string) => void warned.push(text) }
  await checkFitness(redis, { url: 'redis://redis:6379/0', prefix: '{test}:', log })
  expect(warned).toEqual([])
  const [, memory] = (await redis.config('GET', 'maxmemory')) as string[]
  expect(Number(memory)).toBeGreaterThan(500e6)
})
