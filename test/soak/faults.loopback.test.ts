import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFleet, DINGTALK, type Fleet, TELEGRAM_TOKEN } from '../../chaos/fleet.ts'
import { createRandom } from '../../chaos/random.ts'
import { letHappen } from '../../soak/befall.ts'
import { SIDES } from '../../soak/faults/kind.ts'
import { FAULTS } from '../../soak/faults.ts'
import { TOKENS } from '../support/tokens.ts'
import { until } from '../support/until.ts'

let fleet: Fleet
beforeAll(async () => {
  fleet = await createFleet({ breakers: 4, rooms: 2, real: true, seed: 1, tokens: TOKENS })
})
afterAll(() => fleet.close())

const ALL = SIDES.flatMap((side) => FAULTS[side].map((kind) => ({ side, kind })))

/** Each end answers, takes the credentials and has the bot in the first room's group. */
async function allIsWell(): Promise<boolean> {
  const { telegram, dingtalk, wecom, cloud, rooms, breakers } = fleet
  const room = rooms[0]!
  const post = async (url: string, body: object, headers = {}) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return (await answer.json()) as Record<string, unknown>
  }
  const telegramUrl = `${telegram.url}/bot${TELEGRAM_TOKEN}`
  const member = await post(`${telegramUrl}/getChatMember`, { chat_id: room.telegram, user_id: 123456 })
  const { accessToken } = await post(`${dingtalk.url}/v1.0/oauth2/accessToken`, {
    appKey: DINGTALK.clientId,
    appSecret: DINGTALK.clientSecret,
  })
  const robots = dingtalk.groups.find((one) => one.conversationId === room.dingtalk)?.robots
  wecom.say(room.wecom!, 'jia', 'well?')
  const time = Number(await (await fetch(`${cloud.url}/ntp`)).text())
  return (
    (member.result as { status?: string }).status === 'member' &&
    typeof accessToken === 'string' &&
    robots?.includes(DINGTALK.clientId) === true &&
    Math.abs(time - Date.now()) < 5000 &&
    cloud.device(breakers[0]!.id).online
  )
}

test.each(ALL)('after «$kind.name» on $side all is well again', async ({ kind }) => {
  const end = kind.begin({ fleet, room: fleet.rooms[0]!, tally: {}, random: createRandom(1, kind.name) })
  end()
  // A listener that was taken down needs a moment.
  await until(() => allIsWell().catch(() => false), 'all to be well again')
})

test('a fault is written down with its chat and its time by both clocks, and stopping ends what goes on', async () => {
  const stop = new AbortController()
  const kind = FAULTS.telegram.find((one) => one.name === 'kicked from the group')!
  fleet.telegram.clock.advance(60_000)
  const happened = letHappen(
    fleet,
    [
      { side: 'telegram', kind, at: 0, lasts: 60_000, room: 1 },
      { side: 'telegram', kind, at: 60_000, lasts: 1, room: 0 },
    ],
    1,
    stop.signal,
  )
  setTimeout(() => stop.abort(), 20)
  const [befallen, ...others] = await happened
  expect(others).toEqual([])
  expect(befallen).toMatchObject({ side: 'telegram', chat: String(fleet.rooms[1]!.telegram) })
  expect(befallen!.when.to - befallen!.when.from).toBeLessThan(10_000)
  expect(befallen!.there.from - befallen!.when.from).toBeGreaterThanOrEqual(60_000)
})
