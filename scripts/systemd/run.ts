import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { CONFIG, DRAW } from '../image/try.ts'

/**
 * Boots a systemd in namespaces of its own and lets it run the unit as it stands, sandbox and all: it must start, be
 * reloaded, be seen to hang, be started again, draw a picture and stop. For root on a Debian 12.
 */

const ROOT = join(import.meta.dirname, '../..')
const WITHIN = 120_000

/** Shorter, so that the try is short; what the sandbox might forbid is tried within it. */
const DROP_IN = `[Service]
WatchdogSec=6
ExecStartPost=/opt/breakerbot/node_modules/.bin/node --input-type=module -e ${JSON.stringify(DRAW).replaceAll('$', '$$$$').replaceAll('%', '%%')} /opt/breakerbot
`
const TRY = `[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/bash /out/try.sh
StandardOutput=append:/out/steps
StandardError=append:/out/steps
`

/** What a step has left: how it ended, and what systemd then said of the service. */
type Step = Record<string, string> & { code: string }

function stepsIn(text: string): Map<string, Step> {
  const lines = text.split('\n').map((line) => line.trim().split(' '))
  return new Map(
    lines.map(([name = '', code = '', ...facts]) => [
      name,
      { code, ...Object.fromEntries(facts.map((fact) => fact.split(/[=:]_?(.*)/s))) },
    ]),
  )
}

async function boot(folder: string): Promise<string> {
  const namespaces = ['--pid', '--mount', '--cgroup', '--uts', '--ipc', '--propagation=private']
  const boots = [join(import.meta.dirname, 'boot.sh'), folder, ROOT, process.execPath]
  const child = spawn('unshare', [...namespaces, '--fork', '/bin/sh', ...boots], { stdio: 'inherit' })
  const steps = join(folder, 'steps')
  const read = () => (existsSync(steps) ? readFileSync(steps, 'utf8') : '')
  try {
    for (const end = Date.now() + WITHIN; Date.now() < end && child.exitCode === null; await delay(200))
      if (/^over$/m.test(read())) return read()
    throw new Error(`the try did not come to its end:\n${read()}`)
  } finally {
    // The first process of its namespace: all others end with it.
    const own = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim()
    if (own !== '') process.kill(Number(own), 'SIGKILL')
  }
}

function judge(text: string): string[] {
  const steps = stepsIn(text)
  const faults: string[] = []
  const must = (step: string, facts: Record<string, RegExp>) => {
    for (const [fact, wanted] of Object.entries(facts)) {
      const found = steps.get(step)?.[fact] ?? 'nothing'
      if (!wanted.test(found)) faults.push(`${step}: ${fact} is ${found}, not ${wanted}`)
    }
  }
  const runs = { code: /^0$/, ActiveState: /^active$/, StatusText: /^ready_on_http/ }
  must('start', { ...runs, NRestarts: /^0$/ })
  must('confined', { Uid: /^[1-9]/, CapEff: /^0+$/, NoNewPrivs: /^1$/, Seccomp: /^2$/ })
  // Its word that it has read the configuration may be on its way still; the next step must find it active again.
  must('reload', {
    ...runs,
    ActiveState: /^(active|reloading)$/,
    MainPID: new RegExp(`^${steps.get('start')?.MainPID}$`),
  })
  must('beats', { ...runs, NRestarts: /^0$/ })
  if (steps.get('beats')?.WatchdogTimestampMonotonic === steps.get('start')?.WatchdogTimestampMonotonic)
    faults.push('the watchdog has heard nothing since the start')
  must('hung', { ...runs, NRestarts: /^1$/ })
  must('killed', { ...runs, NRestarts: /^2$/ })
  must('stop', { code: /^0$/, ActiveState: /^inactive$/ })
  return faults
}

async function main(): Promise<number> {
  if (process.getuid?.() !== 0 || spawnSync('/lib/systemd/systemd', ['--version']).status !== 0) {
    console.error(
      'This boots a systemd: run it as root on a machine that has one (Debian: apt-get install systemd).',
    )
    return 1
  }
  const folder = mkdtempSync(join(tmpdir(), 'breakerbot-systemd-'))
  try {
    copyFileSync(join(import.meta.dirname, 'try.sh'), join(folder, 'try.sh'))
    writeFileSync(join(folder, 'try.service'), TRY)
    writeFileSync(join(folder, 'drop-in.conf'), DROP_IN)
    writeFileSync(join(folder, 'breakerbot.yaml'), CONFIG)
    writeFileSync(join(folder, 'breakerbot.env'), 'PUSH_TOKEN=a-long-random-text-of-ones-own\n')
    const text = await boot(folder)
    console.log(text)
    const faults = judge(text)
    for (const fault of faults) console.error(`not so: ${fault}`)
    if (faults.length === 0)
      console.log('ok   systemd starts, reloads, watches, starts again and stops the service in its sandbox')
    return faults.length === 0 ? 0 : 2
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

process.exitCode = await main()
