import { cpus, release } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createPoster, percentile, saturate } from './load.ts'
import { FIRST_BREAKER, PUSH_TOKEN, startScript, startService } from './service.ts'
import { startTelegramStub } from './telegram-stub.ts'

/**
 * Measures the service on this machine. Absolute times are only worth something beside each other, from one run:
 * load generator, stub and service share the processors.
 */
const PATH = `/api/device/callback/${PUSH_TOKEN}`
const TRIPS = 400

function tripPush(device: number): string {
  const state = { power: '0', fault: 'overload', voltage: '228.4', current: '63.1', active_power: '14400' }
  return JSON.stringify({
    type: 'event',
    device,
    mid: String(device),
    ts: Date.now(),
    data: { name: 'trip', state },
  })
}

let counter = 0
function statePush(): string {
  const data = { power: '1', voltage: '229.8', current: '12.4', active_power: '2850', energy: '1532.81' }
  return JSON.stringify({
    type: 'state',
    device: FIRST_BREAKER + (counter % 1000),
    mid: String(counter),
    ts: Date.now() + counter++,
    data,
  })
}

/** From the 200 of a trip push to the arrival of the first outgoing request, ms; and from sending the push. */
async function tripToRequest(
  url: string,
  stub: Awaited<ReturnType<typeof startTelegramStub>>,
  pause: number,
) {
  const arrived = new Map<string, number>()
  stub.onSend((text) => {
    const breaker = /机(\d+)/.exec(text)?.[1]
    if (breaker && !arrived.has(breaker)) arrived.set(breaker, performance.now())
  })
  const { post, close } = createPoster(url + PATH, 4)
  const [fromAnswer, fromPush]: [number[], number[]] = [[], []]
  for (let index = 0; index < TRIPS; index++) {
    const device = FIRST_BREAKER + 1000 + index
    const sent = performance.now()
    const status = await post(tripPush(device))
    const answered = performance.now()
    if (status !== 200) throw new Error(`answered ${status}`)
    while (!arrived.has(String(device))) await delay(1)
    // A request that overtakes the 200 counts as 0.
    fromAnswer.push(Math.max(0, arrived.get(String(device))! - answered))
    fromPush.push(arrived.get(String(device))! - sent)
    await delay(pause)
  }
  close()
  return { fromAnswer, fromPush }
}

function row(what: string, values: readonly number[]): string {
  return `| ${what} | ${percentile(values, 50).toFixed(1)} | ${percentile(values, 99).toFixed(1)} | ${Math.max(...values).toFixed(1)} |`
}

async function main(): Promise<void> {
  console.log(
    `Node ${process.versions.node}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model}, ${new Date().toISOString().slice(0, 10)}\n`,
  )
  const stub = await startTelegramStub()
  const service = await startService(stub.url, 1000 + TRIPS)
  await delay(1000)
  const { fromAnswer, fromPush } = await tripToRequest(service.url, stub, 20)
  console.log(`${TRIPS} trips, one at a time, ms\n`)
  console.log('| from → to the first outgoing request | p50 | p99 | max |\n| --- | --- | --- | --- |')
  console.log(row('the 200 of the trip push', fromAnswer))
  console.log(row('sending the trip push', fromPush))
  const bare = await startScript([join(import.meta.dirname, 'bare-route.ts')], process.cwd())
  await saturate(bare.url + PATH, statePush, 64, 2000)
  const bareRate = await saturate(bare.url + PATH, statePush)
  await bare.stop()
  await saturate(service.url + PATH, statePush, 64, 2000)
  const rate = await saturate(service.url + PATH, statePush)
  console.log('\n64 connections, 5 s\n\n| | a second | ratio |\n| --- | --- | --- |')
  console.log(`| bare fastify route, nothing kept | ${bareRate.toFixed(0)} | 1 |`)
  console.log(
    `| state pushes taken durably, and decided upon | ${rate.toFixed(0)} | ${(rate / bareRate).toFixed(2)} |`,
  )
  await service.stop()
  await stub.close()
}

await main()
