import { describe, expect, it } from 'vitest'
import { until } from '../../support/until.ts'
import { card, codeOf, GROUP, markdown, sdkClient, startSim, template, toGroup } from './support.ts'

/** F3: the simulator is strict enough to show the faults that the SDK is known for. */
describe('known anomalies of the SDK', () => {
  it('takes the late answer to one frame for the answer to the next with the same req_id', async () => {
    const sim = await startSim()
    const { ready, send, events, update } = sdkClient(sim.wsUrl)
    await ready()
    await send(GROUP, toGroup(template(card('al-1'))))
    sim.click('al-1', 'lisi', 'ack')
    const event = await until(() => events[0])
    const cmd = 'aibot_respond_update_msg'
    sim.faults.delayAck(60_000, { cmd })
    sim.faults.delayAck(120_000, { cmd })
    await expect(update(event, card('al-1'))).rejects.toThrow('timeout')
    const second = update(event, card('al-1'))
    const answers = () =>
      sim
        .frames()
        .filter(({ reqId, direction }) => reqId === event.headers.req_id && direction === 'received')
    await until(() => sim.frames().filter((frame) => frame.cmd === cmd).length === 2)
    sim.clock.advance(60_000)
    expect(await codeOf(second)).toBe(0)
    sim.clock.advance(60_000)
    await until(() => answers().length === 3)
    expect(answers().map(({ errcode }) => errcode)).toEqual([
      undefined,
      0,
      expect.toSatisfy((code) => code !== 0),
    ])
  })

  it('opens three sockets when told to disconnect and connect back to back, and forgets one', async () => {
    const sim = await startSim({ kickCloseDelay: 600_000 })
    const { ready, client } = sdkClient(sim.wsUrl, { reconnectInterval: 50 })
    await ready()
    client.disconnect()
    client.connect()
    await until(() => sim.conns()[2]?.state === 'subscribed')
    client.disconnect()
    await until(() => !sim.conns()[2]?.open)
    expect(sim.conns().map(({ open }) => open)).toEqual([false, true, false])
  })

  it('sends before it is authenticated and is refused', async () => {
    const sim = await startSim()
    sim.faults.muteAuth()
    const { client, send } = sdkClient(sim.wsUrl)
    client.connect()
    await until(() => client.isConnected)
    expect(await codeOf(send(GROUP, toGroup(markdown('x'))))).toBe(846609)
  })
})
