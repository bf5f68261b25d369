import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { startRedis } from '../support/redis.ts'
import { ROOT, read } from './pages.ts'
import type { Place, Typing } from './place.ts'

/**
 * What becomes of a command that a page tells to type. Either it is run; or it is not, for a reason, and what it speaks
 * of is looked at instead.
 */
export type Rule = { of: RegExp } & (
  | { run: (command: string, place: Place) => Promise<void> }
  | { not: string; check: (command: string) => void }
)

/** Runs it as it stands but for names that are placeholders, and expects that it succeeds. */
const runs =
  (how: Typing = {}, ...says: RegExp[]) =>
  async (command: string, place: Place) => {
    const { code, out, err } = await place.type(filled(command, place), how)
    if (code !== 0) throw new Error(`«${command}» ended with ${code}:\n${out}${err}`)
    for (const said of says) expect(out).toMatch(said)
  }

/** Addresses, files and people of the pages, as those of the place. */
const filled = (command: string, { url }: Place) =>
  command
    .replaceAll(/https:\/\/bots\.example|http:\/\/(127\.0\.0\.1|localhost):8080/g, url)
    .replaceAll('/var/backups/', './')
    .replace(/--room \S+/, '--room night-shift')
    .replace(/--person ("[^"]*"|\S+)/, '--person 甲')
    .replace(/^curl /, 'curl --silent --show-error --fail ')

interface Package {
  scripts: Record<string, string>
  dependencies: Record<string, string>
}
const PACKAGE = JSON.parse(read('package.json')) as Package

/** The script is there, and so is the file that it runs, which knows each option given. */
function isScript(command: string): void {
  const [, name = ''] = /^npm (?:run )?(\S+)/.exec(command) ?? []
  const script = PACKAGE.scripts[name]
  expect([command, script]).toEqual([command, expect.any(String)])
  const [, options = ''] = command.split(' -- ')
  const file = /node (\S+\.ts)/.exec(script!)?.[1]
  if (file) knowsOptions(file, options)
}

/** As far as it can be seen without running it. */
function knowsOptions(file: string, options: string): void {
  expect([file, existsSync(join(ROOT, file))]).toEqual([file, true])
  const source = read(file)
  for (const [, option] of options.matchAll(/--([a-z-]+)/g))
    expect(source).toMatch(new RegExp(`\\b${option}\\b`))
}

/** Whatever looks like a file of ours is there. */
function namesFiles(command: string): void {
  const files = [
    ...command.matchAll(
      /(?:^|[\s=])\.?\/?((?:deploy|scripts|bin|src|docs)\/[\w./-]+|compose[\w.]*\.yaml|Dockerfile)/g,
    ),
  ]
  for (const [, file] of files) expect([command, existsSync(join(ROOT, file!))]).toEqual([command, true])
}

/** A command of ours within one of another program, such as `docker exec … breakerbot audit verify`. */
function knowsOurs(command: string): void {
  namesFiles(command)
  const [, ours] = /bin\/breakerbot\.js (.*)$/.exec(command) ?? []
  if (ours !== undefined) expect(existsSync(join(ROOT, 'src/cli', `${ours.split(' ')[0]}.ts`))).toBe(true)
}

function isLocked(): void {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Package> }
  expect(lock.packages['']?.dependencies).toEqual(PACKAGE.dependencies)
}

const DEMO = { until: /^BreakerBot demo on http:\S+/m }

/** The first that fits counts. */
export const RULES: readonly Rule[] = [
  { of: /^npx breakerbot start$/, run: (_, place) => startsElsewhere(place) },
  {
    of: /^npx breakerbot demo/,
    run: (command, place) => runs({ ...DEMO, elsewhere: true })(command.replace(/N$/, '0'), place),
  },
  {
    of: /^npm run demo$/,
    run: (_, place) => runs({ ...DEMO, elsewhere: true })('npx breakerbot demo --port 0', place),
  },
  {
    of: /^npx breakerbot check --online$/,
    run: runs({}, /^ok {3}store: .*in use by a running service/m, /^ok {3}telegram/m),
  },
  { of: /^npx breakerbot simulate /, run: runs({}, /^200 /m) },
  { of: /^npx breakerbot bind /, run: runs({}, /each code once/) },
  { of: /^npx breakerbot restore /, run: restores },
  { of: /^npx breakerbot /, run: runs() },
  // It never ends: what has come within a second is enough.
  { of: /^curl -N /, run: (command, place) => streams(command, place) },
  { of: /^curl /, run: runs() },
  {
    of: /^(cp breakerbot\.example\.yaml|install -m 600|echo ".*" >> breakerbot\.env|set -a; \. )/,
    run: runs({ elsewhere: true }),
  },
  // Somebody's own log: that it is there, and has the line, is made so.
  {
    of: /^grep \w+ breakerbot\.log$/,
    run: (command, place) =>
      runs({ elsewhere: true })(
        `echo '{"id":"${command.split(' ')[1]}"}' > breakerbot.log; ${command}`,
        place,
      ),
  },
  { of: /^npm ci/, not: 'it would put the packages anew under all that runs here', check: isLocked },
  {
    of: /^npm (test$|run )/,
    not: 'it takes minutes, changes files, or is what runs this; the check of each change runs most of them',
    check: isScript,
  },
  {
    of: /^node (chaos|soak|bench)\/run\.ts/,
    not: 'it takes minutes',
    check: (command) => knowsOptions(command.split(' ')[1]!, command),
  },
  { of: /^redis-cli -u redis:/, run: asksRedis },
  { of: /^(install|cp) .*\/etc\//, run: installs },
  {
    of: /^useradd /,
    not: 'it makes a user of the system',
    check: (command) =>
      expect(read('deploy/systemd/breakerbot.service')).toContain(`User=${command.split(' ').at(-1)}`),
  },
  { of: /^(sudo )?docker /, not: 'there is no container engine where tests run', check: knowsOurs },
  {
    of: /^(sudo )?(systemctl|journalctl|systemd-run|redis-cli) /,
    not: 'it speaks to the system’s own services',
    check: knowsOurs,
  },
  {
    of: /^(useradd|install -d|install -m 640|cp deploy\/) ?/,
    not: 'it changes the system; «npm run systemd» does so to one of its own',
    check: namesFiles,
  },
]

/** A store of its own is put back, for that of the running service may not be. */
async function restores(command: string, place: Place): Promise<void> {
  await runs()('npx breakerbot backup ./to-restore.db', place)
  const copy = command.replace(
    /restore \S+/,
    'restore "$PLACE/to-restore.db" --config "$PLACE/elsewhere.yaml"',
  )
  await runs()(
    "sed 's#sqlite:./data#sqlite:./elsewhere#' breakerbot.yaml > elsewhere.yaml; mkdir -p elsewhere",
    place,
  )
  await runs({}, /the store is restored/)(copy, place)
}

/** Below the folder in place of the system's own, and without the user that is not there. */
async function installs(command: string, place: Place): Promise<void> {
  const here = command.replaceAll('/etc/', './etc/').replace(/ -g \S+/, '')
  await runs({ elsewhere: true })(`mkdir -p etc/breakerbot etc/systemd/system; ${here}`, place)
}

async function asksRedis(command: string, place: Place): Promise<void> {
  const redis = await startRedis()
  try {
    await runs()(command.replace(/redis:\/\/\S+/, redis.url), place)
  } finally {
    await redis.remove()
  }
}

async function startsElsewhere(place: Place): Promise<void> {
  const settings = "sed 's/port: 8080/port: 0/' breakerbot.example.yaml > breakerbot.yaml"
  await runs({ elsewhere: true })(settings, place)
  await runs({ elsewhere: true, until: /^ready on http:/m })('npx breakerbot start', place)
}

async function streams(command: string, place: Place): Promise<void> {
  const { code, out } = await place.type(filled(command, place).replace('curl ', 'curl --max-time 1 '))
  // 28: the time is over.
  expect([command, code, out]).toEqual([command, 28, expect.stringMatching(/^(:|event:|data:|id:|retry:)/m)])
}

/** The rule for a command; undefined for one that nobody has thought of. */
export const ruleFor = (command: string): Rule | undefined => RULES.find((rule) => rule.of.test(command))

/** Options that commands of ours have, as their help says. */
export const sourcesOfCommands = (): Record<string, string> =>
  Object.fromEntries(
    globSync('src/cli/*.ts', { cwd: ROOT }).map((file) => [
      file.replace(/^.*\/|\.ts$/g, ''),
      readFileSync(join(ROOT, file), 'utf8'),
    ]),
  )
