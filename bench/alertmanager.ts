import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { debianProgram } from '../scripts/debian.ts'
import { freePort } from '../scripts/free-port.ts'

/** Alertmanager as Debian has it: each breaker's alert is a group of its own, told to a web-hook at once. */
export interface Alertmanager {
  url: string
  pid: number
  /** Processor time since the start, all threads, ms. */
  processor(): number
  stop(): Promise<void>
}

export const ALERTS_PATH = '/api/v2/alerts'
/** `CLK_TCK`, which is this on every Linux of today. */
const TICKS_A_SECOND = 100

export async function startAlertmanager(folder: string, hookUrl: string): Promise<Alertmanager> {
  const program = debianProgram('prometheus-alertmanager')
  const config = {
    route: {
      ...{ receiver: 'hook', group_by: ['breaker'] },
      ...{ group_wait: '0s', group_interval: '5m', repeat_interval: '4h' },
    },
    receivers: [{ name: 'hook', webhook_configs: [{ url: hookUrl, send_resolved: false }] }],
  }
  // YAML takes JSON as it is.
  writeFileSync(join(folder, 'alertmanager.yml'), JSON.stringify(config))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      // One instance, without those that it would look for.
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  while (!(await fetch(`${url}/-/ready`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null) throw new Error(`Alertmanager ended with ${child.exitCode}`)
    await delay(50)
  }
  return {
    url,
    pid: child.pid!,
    processor() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_A_SECOND
    },
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

/** The alert of a breaker, as a client posts it. */
export function alertOf(device: number): string {
  const labels = { alertname: 'trip', breaker: `${device}`, severity: 'critical', site: '池塘' }
  const annotations = { summary: `过载跳闸 · 机${device}`, voltage: '228.4', current: '63.1', power: '14400' }
  return JSON.stringify([{ labels, annotations, startsAt: new Date().toISOString() }])
}
