import { describe, expect, it } from 'vitest'
import { card, GROUP, markdown, subscribed, template } from './support.ts'

describe('answering', () => {
  const UPDATE = 'aibot_respond_update_msg'
  const update = (value: object) => ({ response_type: 'update_template_card', template_card: value })

  it('takes only the command that fits the callback', async () => {
    const { sim, send, code } = await subscribed()
    await send(template(card('al-1')))
    const click = sim.click('al-1', 'lisi', 'ack')
    expect(await code('aibot_respond_msg', markdown('x'), click.reqId)).toBe(846605)
    expect(await code(UPDATE, update(card('al-1')), 'nobody')).toBe(846605)
    const said = sim.say(GROUP, 'lisi', '状态')
    expect(await code(UPDATE, update(card('al-1')), said.reqId)).toBe(846605)
    expect(await code('aibot_respond_msg', { msgtype: 'text', text: { content: 'x' } }, said.reqId)).toBe(
      40008,
    )
    expect(await code('aibot_respond_msg', markdown('x'), said.reqId)).toBe(0)
    expect(await code('aibot_respond_msg', markdown('x'), said.reqId)).toBe(846606)
    const old = sim.say(GROUP, 'lisi', '状态')
    sim.clock.advance(24 * 3_600_000 + 1_000)
    expect(await code('aibot_respond_msg', markdown('x'), old.reqId)).toBe(846604)
  })

  it('checks an update like a card, and draws it only under its own task_id', async () => {
    const { sim, send, code } = await subscribed()
    await send(template(card('al-1')))
    const click = sim.click('al-1', 'lisi', 'ack')
    const notice = { card_type: 'text_notice', task_id: 'al-1', main_title: { title: 'x' } }
    expect(await code(UPDATE, template(card('al-1')), click.reqId)).toBe(40008)
    expect(await code(UPDATE, update(notice), click.reqId)).toBe(42045)
    sim.clock.advance(5_001)
    expect(await click.outcome).toBe('refused')
    const other = sim.click('al-1', 'lisi', 'ack')
    expect(await code(UPDATE, update(card('al-2')), other.reqId)).toBe(0)
    expect(await other.outcome).toBe('unchanged')
    expect(sim.cardAsSeenBy('al-1', 'lisi')?.version).toBe(1)
  })

  it('ends a stream after ten minutes, and holds it to one id', async () => {
    const { sim, code } = await subscribed()
    const { reqId } = sim.say(GROUP, 'lisi', '报告')
    const stream = (id: string, finish: boolean) =>
      code('aibot_respond_msg', { msgtype: 'stream', stream: { id, finish, content: 'x' } }, reqId)
    expect(await stream('s1', false)).toBe(0)
    expect(await stream('s2', false)).toBe(40058)
    expect(await code('aibot_respond_msg', markdown('x'), reqId)).toBe(846606)
    sim.clock.advance(600_001)
    expect(await stream('s1', true)).toBe(846608)
  })

  it('hears only whom it is meant to hear', async () => {
    const { sim, pushes, code } = await subscribed()
    sim.addUser({ userid: 'secret', visible: false })
    sim.addChat({ chatid: 'wrMIX', members: ['lisi', 'secret'] })
    expect(sim.say('wrMIX', 'lisi', '大家好', { mention: false }).delivered).toBe(false)
    expect(sim.say('wrMIX', 'secret', '状态').delivered).toBe(false)
    expect(() => sim.say('wrMIX', 'zhangsan', '状态')).toThrow('not in')
    expect(sim.say({ user: 'lisi' }, 'lisi', '状态').delivered).toBe(true)
    await code('ping')
    expect(pushes()).toMatchObject([{ body: { chattype: 'single', text: { content: '状态' } } }])
    expect(pushes()[0]?.body).not.toHaveProperty('chatid')
  })

  it('hears no click in a group that it was put out of', async () => {
    const { sim, send } = await subscribed()
    await send(template(card('al-1')))
    sim.addChat({ chatid: GROUP, members: ['lisi'], botMember: false })
    const click = sim.click('al-1', 'lisi', 'ack')
    expect(click.delivered).toBe(false)
    expect(await click.outcome).toBe('unanswered')
    expect(await send(markdown('x'))).toBe(93001)
    expect(() => sim.click('al-1', 'zhangsan', 'ack')).toThrow('sees no card')
  })

  it('puts a card under a stream, checked like any other', async () => {
    const { sim, code } = await subscribed()
    const { reqId } = sim.say(GROUP, 'lisi', '报告')
    const reply = (value: object) =>
      code(
        'aibot_respond_msg',
        {
          ...{ msgtype: 'stream_with_template_card', template_card: value },
          stream: { id: 's1', finish: true, content: 'x' },
        },
        reqId,
      )
    expect(await reply(card('al:1'))).toBe(42014)
    expect(await reply(card('al-1'))).toBe(0)
    expect(sim.cardAsSeenBy('al-1', 'lisi')?.buttons).toHaveLength(2)
  })
})
