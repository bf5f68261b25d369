import { setTimeout as delay } from 'node:timers/promises'
import { createArrivals } from '../arrivals.ts'
import { type Bench, using } from '../bench.ts'
import { type Chat, watchChat } from '../chat.ts'
import { startCloudStub } from '../cloud-stub.ts'
import { SPREAD, spread, table } from '../figures.ts'
import { type Connection, connect } from '../load.ts'
import { FIRST_BREAKER, PUSH_PATH, switchPush, tripPush } from '../pushes.ts'
import { startService } from '../service.ts'
import { startTelegramStub, type TelegramStub } from '../telegram-stub.ts'

/** Fewer messages than the bot may send in a second, ms. */
const BREATH = 250

/** From presses on a card to the answers, and from commands to their signed calls at the cloud. */
export async function answers(bench: Bench): Promise<void> {
  const count = bench.isQuick ? 10 : 80
  const calls = createArrivals()
  await using(startCloudStub(), (cloud) =>
    using(startTelegramStub(), async (stub) => {
      cloud.onControl((breaker) => calls.note(breaker))
      const chat = watchChat(stub)
      const options = {
        ...{ folder: bench.folder(), store: bench.sqlite(), breakers: 2 * count },
        ...{ telegramUrl: stub.url, cloudUrl: cloud.url, isSiteEach: true },
      }
      await using(startService(options), async ({ url }) => {
        await delay(1000)
        const pushes = await connect(url + PUSH_PATH)
        const times: Times = { acknowledged: [], closed: [], opened: [] }
        const scene = { stub, chat, calls, pushes, times }
        for (let index = 0; index < count; index++) {
          await goThrough(FIRST_BREAKER + index, scene)
          await openByWord(FIRST_BREAKER + count + index, scene)
        }
        pushes.close()
        print(count, times)
      })
    }),
  )
}

interface Times {
  acknowledged: number[]
  closed: number[]
  opened: number[]
}

interface Scene {
  stub: TelegramStub
  chat: Chat
  calls: ReturnType<typeof createArrivals>
  pushes: Connection
  times: Times
}

/** A breaker trips, is acknowledged, and closed in two steps. */
async function goThrough(device: number, { stub, chat, calls, pushes, times }: Scene): Promise<void> {
  const name = `机${device}`
  const shows = (label: string) =>
    chat.until(
      `${label} of ${name}`,
      ({ text, buttons }) => text.includes(name) && buttons.some(({ text }) => text === label),
    )
  const press = async (label: string) => {
    const card = await shows(label)
    await delay(BREATH)
    const { callback_data } = card.buttons.find(({ text }) => text === label)!
    const began = performance.now()
    return { began, press: stub.press(card.id, callback_data) }
  }
  const pressAndWait = async (label: string) => {
    const { began, press: id } = await press(label)
    const answer = await chat.until(
      `the answer to ${label} on ${name}`,
      (one) => one.method === 'answercallbackquery' && one.id === id,
    )
    return answer.at - began
  }

  await post(pushes, tripPush(device, 'overvoltage'))
  times.acknowledged.push(await pressAndWait('确认'))
  await pressAndWait('合闸')
  const { began } = await press('确认合闸')
  await calls.all([`${device}`])
  times.closed.push(calls.at(`${device}`)! - began)
  await post(pushes, switchPush(device, true))
}

/** Somebody opens another breaker by word: two commands to the same one would keep their distance. */
async function openByWord(device: number, { stub, calls, pushes, times }: Scene): Promise<void> {
  await post(pushes, switchPush(device, true))
  await delay(BREATH)
  const said = performance.now()
  stub.say(`分闸 机${device}`)
  await calls.all([`${device}`])
  times.opened.push(calls.at(`${device}`)! - said)
  await post(pushes, switchPush(device, false))
}

async function post({ post }: Connection, body: string): Promise<void> {
  const status = await post(body)
  if (status !== 200) throw new Error(`answered ${status}`)
}

function print(count: number, { acknowledged, closed, opened }: Times): void {
  console.log(
    table(
      [`${count} times each, one at a time, ms`, ...SPREAD],
      [
        ['pressing acknowledge → the answer to the press', ...spread(acknowledged)],
        ['confirming a close → its signed call at the cloud, which was asked first', ...spread(closed)],
        ['typing an opening → its signed call at the cloud', ...spread(opened)],
      ],
    ),
  )
}
