import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { stringify } from 'yaml'
import type { Settings } from './installed.ts'
import { FIRST_BREAKER, PUSH_TOKEN } from './pushes.ts'
import { type Subject, startScript } from './subject.ts'

export interface ServiceOptions extends Settings {
  /** For its configuration. */
  folder: string
  store: string
  telegramUrl: string
  breakers: number
  /** How many incidents have cards of their own before they share one; 0: all. */
  storm?: number
  /** Alarms go to this web-hook at once, and to no chat. */
  hookUrl?: string
  cloudUrl?: string
  /** Each breaker stands at a site of its own. */
  isSiteEach?: boolean
}

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9'

/** The real service on a store, with so many breakers and one room. */
export async function startService(options: ServiceOptions): Promise<Subject> {
  const { folder, env, flags = [] } = options
  writeFileSync(join(folder, 'breakerbot.yaml'), `${stringify(configOf(options))}${breakersOf(options)}`)
  const script = [...flags, join(import.meta.dirname, '../src/main.ts'), 'start']
  const subject = await startScript(script, folder, env)
  return { ...subject, drain: () => drain(subject.url) }
}

function configOf({ store, telegramUrl, storm = 0, hookUrl, cloudUrl = NOWHERE }: ServiceOptions) {
  return {
    server: { host: '127.0.0.1', port: 0 },
    store,
    thingboot: {
      ...{ appId: 'bench', appSecret: 'bench-secret', baseUrl: cloudUrl, pushToken: PUSH_TOKEN },
      ...{ reconcileEvery: '0s', silentAfter: 0 },
    },
    channels: { telegram: { token: '1:bench-token', apiRoot: telegramUrl, perMinute: 60000 } },
    rooms: [{ name: 'bench', ...(!hookUrl && { telegram: '-100' }) }],
    people: [{ name: '甲', role: 'admin', telegram: '1' }],
    storm: { more: storm },
    ...(hookUrl && {
      notify: {
        webhooks: { hook: { url: hookUrl, secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` } },
      },
      escalation: { default: { steps: [{ after: '0s', webhook: 'hook' }] } },
    }),
  }
}

/** A line for each, as the example has them. */
function breakersOf({ breakers, isSiteEach }: ServiceOptions): string {
  const lines = Array.from({ length: breakers }, (_, index) => {
    const id = FIRST_BREAKER + index
    const site = isSiteEach ? `池塘${id}` : '池塘'
    return `  - { id: ${id}, name: 机${id}, site: ${site}, room: bench, ratedCurrent: 60 }`
  })
  return `breakers:\n${lines.join('\n')}\n`
}

/** Resolves when no event waits to be decided upon. */
async function drain(url: string): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    const waiting = /breakerbot_jobs\{queue="events",state="waiting"\} (\d+)/.exec(metrics)?.[1] ?? '0'
    if (waiting === '0') return
    await delay(50)
  }
}
