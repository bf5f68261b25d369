import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { FIRST_BREAKER, PUSH_TOKEN } from './pushes.ts'
import { type Subject, startScript } from './subject.ts'

/**
 * The real service on a store, with so many breakers and one Telegram room.
 * @param folder for its configuration
 * @param storm how many incidents have cards of their own before they share one; 0: all
 */
export async function startService(
  folder: string,
  store: string,
  telegramUrl: string,
  breakers: number,
  storm = 0,
): Promise<Subject> {
  const list = Array.from({ length: breakers }, (_, index) => {
    const id = FIRST_BREAKER + index
    return `  - { id: ${id}, name: 机${id}, site: 池塘, room: bench, ratedCurrent: 60 }`
  })
  const config = `
server: { host: 127.0.0.1, port: 0 }
store: "${store}"
thingboot: { appId: bench, appSecret: bench-secret, baseUrl: "http://127.0.0.1:9", pushToken: ${PUSH_TOKEN}, reconcileEvery: 0s, silentAfter: 0 }
channels: { telegram: { token: "1:bench-token", apiRoot: "${telegramUrl}", perMinute: 60000 } }
rooms: [{ name: bench, telegram: -100 }]
people: [{ name: 甲, role: admin, telegram: 1 }]
storm: { more: ${storm} }
breakers:
${list.join('\n')}
`
  writeFileSync(join(folder, 'breakerbot.yaml'), config)
  const subject = await startScript([join(import.meta.dirname, '../src/main.ts'), 'start'], folder)
  return { ...subject, drain: () => drain(subject.url) }
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
