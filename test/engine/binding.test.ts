import { expect, test } from 'vitest'
import { parseConfig } from '../../src/config/load.ts'
import type { BindTarget } from '../../src/engine/bind-codes.ts'
import { createBindings } from '../../src/engine/bindings.ts'
import { type Binding, bindingKey } from '../../src/engine/bound-policy.ts'
import type { Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'
import type { Shown } from './fakes.ts'
import { CODES, cardOf, GROUP, newFolder, type Rig, startRig, testPolicy, texts, untilSays } from './rig.ts'

const MINUTE = 60_000
const base = testPolicy()
const chief = { name: '场长', role: 'admin', ids: { telegram: '7', dingtalk: '7', wecom: '7' } } as const
const newcomer = { name: '新人', role: 'viewer', ids: {} } as const
/** `day` has no chat yet, and 新人 no account. */
const policy = {
  ...base,
  rooms: [...base.rooms, { name: 'day', locale: 'zh-CN' as const, chats: [] }],
  people: [...base.people, chief, newcomer],
  breakers: [base.breakers[0]!, { ...base.breakers[1]!, room: 'day' }],
}
const DAY: BindTarget = { kind: 'room', name: 'day' }
const NEWCOMER: BindTarget = { kind: 'person', name: '新人' }

const codeFor = (rig: Rig, target: BindTarget, ago = 0) =>
  CODES.make('telegram', target, rig.now() - ago).code
const says = (rig: Rig, who: string, text: string, chat: string) =>
  rig.say(rig.telegram, who, text, rig.now(), chat).taken
const textsIn = (rig: Rig, chat: string) =>
  rig.telegram.shown.flatMap((one) => (one.chat === chat && 'text' in one.content ? [one.content.text] : []))
const answer = (rig: Rig, chat: string, part: string) =>
  until(() => textsIn(rig, chat).findLast((one) => one.includes(part)), `«${part}» in ${chat}`)
const whatOf = async (rig: Rig) =>
  (await rig.store.audit({ limit: 1000 })).filter((one) => one.what.startsWith('bind.'))

async function bind(rig: Rig, chat: string, target = DAY, who = '7', ago = 0): Promise<string> {
  await says(rig, who, `绑定 ${codeFor(rig, target, ago)}`, chat)
  return answer(rig, chat, '✅')
}

/** The cards that a chat got of the breaker of the room `day`. */
const cardsIn = (rig: Rig, chat: string) =>
  rig.telegram.shown.filter((one) => one.chat === chat && cardOf(one))

test('a code makes a chat the room’s at once, on every instance, after a restart, and whatever is adopted', async () => {
  const folder = newFolder()
  const one = await startRig({ policy, folder })
  const other = await startRig({ policy, beside: one })
  const said = await bind(one, '-500')
  expect(said).toContain('“day”')
  expect(said).toContain('- { name: "day", telegram: -500 }')
  await until(async () => {
    await other.say(one.telegram, '7', '绑定', other.now(), '-500').taken
    return textsIn(one, '-500').some((text) => text.startsWith('本群属于“day”'))
  }, 'the other instance to know')
  expect(await whatOf(one)).toMatchObject([
    { what: 'bind.bound', who: '场长', subject: 'telegram:-500', details: { name: 'day', id: '-500' } },
  ])
  await other.engine.stop()
  one.engine.adopt({ ...policy, confirmWithin: 30_000 })
  await one.trip('overload', '820721')
  await until(() => cardsIn(one, '-500').length === 1, 'the card of the room')
  await one.stop()

  const again = await startRig({ policy, folder })
  await again.trip('leakage', '820721')
  const isNew = (card: Shown) => cardOf(card)?.title.includes('漏电')
  await until(() => cardsIn(again, '-500').some(isNew), 'the card after the restart')
})

test('a code makes an account the person’s, with the role that the file gives and no other', async () => {
  const rig = await startRig({ policy })
  await rig.trip()
  const said = await bind(rig, GROUP.telegram, NEWCOMER, '42')
  expect(said).toContain('新人（查看）')
  expect(said).toContain('- { name: "新人", role: viewer, telegram: 42 }')
  await says(rig, '42', '状态', GROUP.telegram)
  await answer(rig, GROUP.telegram, '3号增氧机')
  await says(rig, '42', '分闸 3号增氧机', GROUP.telegram)
  await says(rig, '42', '我是谁', GROUP.telegram)
  await answer(rig, GROUP.telegram, '在这里：只能查看')
  expect(rig.cloud.commands).toEqual([])
  expect((await whatOf(rig))[0]).toMatchObject({ what: 'bind.bound', who: 'telegram:42' })
})

test('a code is good once, for 15 minutes, on its platform; each refusal says so and is audited', async () => {
  const rig = await startRig({ policy })
  const code = codeFor(rig, DAY)
  await says(rig, '7', `绑定 ${code}`, '-500')
  await answer(rig, '-500', '✅')
  await says(rig, '7', '解绑', '-500')
  await answer(rig, '-500', '已解绑')
  await says(rig, '7', `绑定 ${code}`, '-500')
  await answer(rig, '-500', '已用过')
  await says(rig, '7', `绑定 ${codeFor(rig, DAY, 17 * MINUTE)}`, '-500')
  await answer(rig, '-500', '已过期，只在')
  const { code: foreign } = CODES.make('wecom', DAY, rig.now())
  await says(rig, '7', `bind ${foreign}`, '-501')
  await answer(rig, '-501', '不是给 Telegram 的')
  await says(rig, '7', '绑定 什么', '-501')
  await answer(rig, '-501', '“什么”不是绑定码')
  const refused = (await whatOf(rig)).filter((one) => one.what === 'bind.refused')
  expect(refused.map((one) => one.details?.why)).toEqual(['bind.used', 'bind.expired', 'bind.wrong'])
})

test('two who use one code at once: one of them gets it', async () => {
  const rig = await startRig({ policy })
  const code = codeFor(rig, DAY)
  const chats = ['-501', '-502', '-503', '-504']
  await Promise.all(chats.map((chat, n) => says(rig, `${n + 90}`, `绑定 ${code}`, chat)))
  await until(() => chats.every((chat) => textsIn(rig, chat).length === 1), 'all answers')
  const answers = chats.flatMap((chat) => textsIn(rig, chat))
  expect(answers.filter((one) => one.includes('✅'))).toHaveLength(1)
  expect(answers.filter((one) => one.includes('已用过'))).toHaveLength(3)
  expect(await rig.store.list({ kind: 'binding' })).toHaveLength(1)
})

test('after five tries in a chat, or by one sender, even the right code is refused, and an admin is told', async () => {
  const rig = await startRig({ policy })
  const guess = (n: number) => `绑定 222222222${n + 2}`
  for (let n = 0; n < 5; n++) await says(rig, `${50 + n}`, guess(n), '-500')
  await until(() => textsIn(rig, '-500').length === 5, 'five refusals')
  await says(rig, '60', `绑定 ${codeFor(rig, DAY)}`, '-500')
  await answer(rig, '-500', '试得太多')
  await untilSays(rig.wecom, '反复试绑定码')
  for (let n = 0; n < 5; n++) await says(rig, '7', guess(n), `-60${n}`)
  await until(() => [0, 1, 2, 3, 4].every((n) => textsIn(rig, `-60${n}`).length === 1), 'five refusals')
  await says(rig, '7', `绑定 ${codeFor(rig, DAY)}`, '-700')
  await answer(rig, '-700', '试得太多')
  expect(await rig.store.list({ kind: 'binding' })).toEqual([])
  rig.clock.ahead += 10 * MINUTE
  await bind(rig, '-500')
})

test('a stranger who has asked as much as strangers may can still use a code; whoever goes on guessing is told once', async () => {
  const rig = await startRig({ policy })
  for (const text of ['我是谁', '帮助', '绑定', '我是谁']) await says(rig, '42', text, '-500')
  await until(() => textsIn(rig, '-500').length === 3, 'three answers')
  await bind(rig, '-500', NEWCOMER, '42')
  for (let n = 0; n < 9; n++) await says(rig, '43', '绑定 2222222222', '-501')
  await answer(rig, '-501', '试得太多')
  // Listed people's lines go first, so this stranger's comes after all the guesses.
  await says(rig, '44', '我是谁', '-501')
  await answer(rig, '-501', '44')
  expect(textsIn(rig, '-501').filter((one) => one.includes('试得太多'))).toHaveLength(1)
})

test('wrong codes of strangers count together, for each platform; a right one neither counts nor is refused for them', async () => {
  const rig = await startRig({ policy })
  const spent = { name: 'bind:strangers:telegram', most: 2000, within: 24 * 60 * MINUTE }
  await Promise.all(Array.from({ length: 1999 }, () => rig.store.spend([spent])))
  await bind(rig, '-500', NEWCOMER, '42')
  await says(rig, '7', '解绑 新人', GROUP.telegram)
  await answer(rig, GROUP.telegram, '已解绑“新人”')
  const wrong = '绑定 2222222222'
  await says(rig, '43', wrong, '-501')
  await answer(rig, '-501', '绑定码不对')
  await says(rig, '44', wrong, '-502')
  await answer(rig, '-502', '试得太多')
  await says(rig, '7', wrong, '-503')
  await answer(rig, '-503', '绑定码不对')
  await rig.say(rig.wecom, '45', wrong, rig.now(), 'wr9').taken
  await untilSays(rig.wecom, '绑定码不对')
  await bind(rig, '-504', NEWCOMER, '42', MINUTE)
  rig.clock.ahead += 25 * 60 * MINUTE
  await says(rig, '46', wrong, '-505')
  await answer(rig, '-505', '绑定码不对')
})

test('the file goes first: what it says is not overridden, and takes the place of what was bound', async () => {
  const rig = await startRig({ policy })
  await says(rig, '7', `绑定 ${codeFor(rig, { kind: 'room', name: 'night' })}`, '-500')
  await answer(rig, '-500', `“night”的 Telegram ID 是 ${GROUP.telegram}`)
  await says(rig, '7', `绑定 ${codeFor(rig, DAY)}`, GROUP.telegram)
  await answer(rig, GROUP.telegram, '属于“night”')
  await says(rig, '1', `绑定 ${codeFor(rig, NEWCOMER)}`, GROUP.telegram)
  await answer(rig, GROUP.telegram, '属于“甲”')
  expect(await rig.store.list({ kind: 'binding' })).toEqual([])

  await bind(rig, '-500')
  const chats = [{ channel: 'telegram' as const, chat: '-600' }]
  const rooms = policy.rooms.map((one) => (one.name === 'day' ? { ...one, chats } : one))
  rig.engine.adopt({ ...policy, rooms })
  await rig.trip('overload', '820721')
  await until(() => cardsIn(rig, '-600').length === 1, 'the card in the chat of the file')
  expect(cardsIn(rig, '-500')).toEqual([])
  await says(rig, '7', '解绑', '-600')
  await answer(rig, '-600', '写在配置文件里')
})

test('a room that was bound may get another chat; a chat that is bound must be unbound first, by an admin', async () => {
  const rig = await startRig({
    policy: { ...policy, rooms: [...policy.rooms, { name: 'third', locale: 'zh-CN', chats: [] }] },
  })
  await bind(rig, '-500')
  expect(await bind(rig, '-501', DAY, '7', MINUTE)).toContain('取代了之前绑定的 -500')
  await says(rig, '7', `绑定 ${codeFor(rig, { kind: 'room', name: 'third' })}`, '-501')
  await answer(rig, '-501', '请管理员先发送：解绑 day')
  await says(rig, '1', '解绑', '-501')
  await answer(rig, '-501', '须由管理员操作')
  await says(rig, '7', '解绑 DAY', GROUP.telegram)
  await answer(rig, GROUP.telegram, '已解绑“day”：Telegram ID -501')
  await says(rig, '7', '解绑 day', GROUP.telegram)
  await answer(rig, GROUP.telegram, '没有在聊天中绑定过“day”')
  await bind(rig, '-501', { kind: 'room', name: 'third' })
  const removed = (await whatOf(rig)).find((one) => one.what === 'bind.removed')
  expect(removed).toMatchObject({ who: '场长', details: { name: 'day', id: '-501' } })
})

test('an unbound account is a stranger again', async () => {
  const rig = await startRig({ policy })
  await says(rig, '42', '我是谁', GROUP.telegram)
  expect(await answer(rig, GROUP.telegram, '不在名单中')).toContain(
    '- { name: …, role: viewer, telegram: 42 }',
  )
  await bind(rig, GROUP.telegram, NEWCOMER, '42')
  await says(rig, '7', '解绑 新人', GROUP.telegram)
  await answer(rig, GROUP.telegram, '已解绑“新人”')
  await says(rig, '42', '状态', GROUP.telegram)
  await answer(rig, GROUP.telegram, '你不在名单中')
})

test('an anonymous sender is nobody, and cannot become somebody', async () => {
  const rig = await startRig({ policy })
  const sender = { id: '1087968824', anonymous: true }
  const text = `绑定 ${codeFor(rig, NEWCOMER)}`
  await rig.telegram.receive({
    kind: 'text',
    id: 'a',
    chat: GROUP.telegram,
    group: true,
    sender,
    text,
    at: rig.now(),
  }).taken
  await answer(rig, GROUP.telegram, '匿名身份')
  expect(await rig.store.list({ kind: 'binding' })).toEqual([])
})

test('a deep link’s «/start CODE» binds; «/start» alone is the help; talk of binding is not meant for the bot', async () => {
  const rig = await startRig({ policy })
  await says(rig, '7', `/start@breaker_bot ${codeFor(rig, DAY)}`, '-500')
  await answer(rig, '-500', '✅')
  await says(rig, '7', '/start', '-500')
  await answer(rig, '-500', '你可以')
  const before = rig.telegram.shown.length
  const talk = {
    kind: 'text',
    group: true,
    addressed: false,
    chat: '-500',
    sender: { id: '7' },
    at: rig.now(),
  } as const
  await rig.telegram.receive({ ...talk, id: 'x', text: 'bind both pumps to the rail' }).taken
  await rig.telegram.receive({ ...talk, id: 'y', text: '绑定一下绳子' }).taken
  await says(rig, '7', '我是谁', '-500')
  await answer(rig, '-500', '在这里')
  expect(rig.telegram.shown).toHaveLength(before + 1)
})

test('what «绑定» prints can be pasted: the file then says just that', async () => {
  const rig = await startRig({ policy })
  await rig.say(rig.dingtalk, 'staff"1', '绑定', rig.now(), 'cid+a/b==').taken
  const printed = await untilSays(rig.dingtalk, 'cid+a/b==')
  const [roomsLine, peopleLine] = ['rooms', 'people'].map(
    (key) => new RegExp(`配置 ${key} 下：(.*)`).exec(printed)![1]!,
  )
  const text = `
thingboot: { appId: a, appSecret: b, pushToken: 0123456789abcdef0123 }
channels: { dingtalk: { clientId: c, clientSecret: d } }
rooms:
  ${roomsLine}
people:
  ${peopleLine}
breakers: []
`
  const read = parseConfig(text, {})
  if (!read.ok) throw new Error(JSON.stringify(read.faults))
  expect(read.config.rooms[0]).toMatchObject({ name: '…', dingtalk: 'cid+a/b==' })
  expect(read.config.people[0]).toMatchObject({ name: '…', role: 'viewer', dingtalk: 'staff"1' })
})

test('a group that moved stays the room’s, by its old id or by the new one in the file', async () => {
  const rig = await startRig({ policy })
  await bind(rig, '-500')
  await rig.telegram.receive({ kind: 'moved', id: 'm', chat: '-500', to: '-100500', at: rig.now() }).taken
  await says(rig, '7', '绑定', '-100500')
  expect(await answer(rig, '-100500', '本群属于')).toContain('- { name: "day", telegram: -100500 }')
  const chats = [{ channel: 'telegram' as const, chat: '-100500' }]
  rig.engine.adopt({
    ...policy,
    rooms: policy.rooms.map((one) => (one.name === 'day' ? { ...one, chats } : one)),
  })
  const before = texts(rig.telegram).length
  await says(rig, '7', '绑定', '-100500')
  await until(() => texts(rig.telegram).length > before, 'the answer')
  expect(texts(rig.telegram).at(-1)).toContain('本群属于“day”')
})

const ADMIN = { ...newcomer, role: 'admin' } as const
const without = { ...policy, people: [...base.people, chief] }
const withAdmin = { ...without, people: [...without.people, ADMIN] }
const bound = (more: Partial<Binding> = {}): Binding => ({
  ...NEWCOMER,
  channel: 'telegram',
  id: '42',
  by: '场长',
  at: 1,
  ...more,
})
const DAY_CHAT = bound({ ...DAY, id: '-500' })

async function write(store: Store, ...all: Binding[]): Promise<void> {
  const writes = all.map((value) => ({
    key: bindingKey(value),
    value,
    version: 0,
    index: { at: value.at, open: true },
  }))
  expect(await store.commit({ writes })).toBe('ok')
}

const listed = async (store: Store) =>
  (await store.list<Binding>({ kind: 'binding' })).map((one) => one.value)
const dropped = async (store: Store) =>
  (await store.audit({ limit: 1000 })).filter((one) => one.what === 'binding.dropped')

/** The bindings of one instance, whose file is this one, and what they logged. */
function bindingsOn(store: Store, file: typeof base) {
  const warned: unknown[] = []
  const warn = (fields: unknown) => void warned.push(fields)
  const log = { debug() {}, info() {}, warn, error() {} }
  return { warned, bindings: createBindings({ store, log, now: () => 5 }, file) }
}

const idsOf = (file: typeof base) => file.people.find((one) => one.name === '新人')?.ids

test('whoever is taken out of the file is bound no more: another one of that name gets the rights alone', async () => {
  const folder = newFolder()
  const rig = await startRig({ policy, folder })
  await bind(rig, GROUP.telegram, NEWCOMER, '42')
  await bind(rig, '-500')
  rig.engine.adopt(without)
  rig.engine.adopt(withAdmin)
  await says(rig, '42', '状态', GROUP.telegram)
  await answer(rig, GROUP.telegram, '你不在名单中')
  await until(async () => (await dropped(rig.store)).length === 1, 'the binding to be deleted')
  expect(await dropped(rig.store)).toMatchObject([
    {
      who: 'system',
      subject: 'telegram:42',
      details: { kind: 'person', name: '新人', channel: 'telegram', id: '42', why: 'name-not-in-file' },
    },
  ])
  expect(await listed(rig.store)).toMatchObject([{ name: 'day', id: '-500' }])

  await says(rig, '43', `绑定 ${codeFor(rig, NEWCOMER, MINUTE)}`, '-600')
  await answer(rig, '-600', '新人（管理员）')
  await rig.stop()
  const later = await startRig({ policy: { ...without, rooms: base.rooms }, folder })
  expect(await listed(later.store)).toEqual([])
  expect((await dropped(later.store)).map((one) => one.subject)).toEqual(
    expect.arrayContaining(['telegram:42', 'telegram:43', 'telegram:-500']),
  )
})

test('an id that the file gives, to the name or to another, ends what was bound, also when the file drops it again', async () => {
  const { store } = await startRig({ policy })
  const one = bindingsOn(store, policy)
  await write(store, bound(), bound({ channel: 'wecom', id: 'x' }), bound({ channel: 'dingtalk' }), DAY_CHAT)
  await one.bindings.load()
  expect(idsOf(one.bindings.policy)).toEqual({ telegram: '42', wecom: 'x', dingtalk: '42' })
  const others = { ...chief, ids: { ...chief.ids, wecom: 'x' } }
  one.bindings.adopt({
    ...policy,
    people: [...base.people, others, { ...newcomer, ids: { telegram: '9' } }],
  })
  one.bindings.adopt(policy)
  expect(idsOf(one.bindings.policy)).toEqual({ dingtalk: '42' })
  await one.bindings.load()
  expect(idsOf(one.bindings.policy)).toEqual({ dingtalk: '42' })
  expect(await listed(store)).toEqual(expect.arrayContaining([DAY_CHAT, bound({ channel: 'dingtalk' })]))
  expect(await listed(store)).toHaveLength(2)
  expect(one.warned).toHaveLength(2)
  expect(one.warned).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ channel: 'telegram', why: 'name-has-id-in-file' }),
      expect.objectContaining({ channel: 'wecom', why: 'id-in-file' }),
    ]),
  )
})

test('instances with different files do not quarrel: each deletes when it takes its file, once, and never in between', async () => {
  const { store } = await startRig({ policy })
  const older = bindingsOn(store, policy)
  await write(store, bound(), DAY_CHAT)
  await older.bindings.load()
  const [newer, third] = [bindingsOn(store, without), bindingsOn(store, without)]
  await Promise.all([newer.bindings.load(), third.bindings.load()])
  expect(await dropped(store)).toHaveLength(1)
  expect([...newer.warned, ...third.warned]).toHaveLength(1)
  await older.bindings.load()
  expect(idsOf(older.bindings.policy)).toEqual({})

  await write(store, bound({ at: 2 }))
  await older.bindings.changed(bound({ at: 2 }))
  for (const { bindings } of [newer, third, older, newer]) await bindings.load()
  expect(idsOf(older.bindings.policy)).toEqual({ telegram: '42' })
  expect(await dropped(store)).toHaveLength(1)
  older.bindings.adopt(without)
  await older.bindings.load()
  expect(await listed(store)).toEqual([DAY_CHAT])
  expect(await dropped(store)).toHaveLength(2)
})

test('a code that was being used while the file lost the name leaves nothing', async () => {
  const { store } = await startRig({ policy })
  const { bindings } = bindingsOn(store, policy)
  bindings.adopt(without)
  await bindings.load()
  await write(store, bound())
  await bindings.changed(bound())
  expect(await listed(store)).toEqual([])
  bindings.adopt(withAdmin)
  expect(idsOf(bindings.policy)).toEqual({})
})

test('a file taken while the store is away holds at once; what it ends is deleted when the store is back', async () => {
  const { store } = await startRig({ policy })
  let isAway = false
  const list: Store['list'] = (query) => (isAway ? Promise.reject(new Error('away')) : store.list(query))
  const { bindings } = bindingsOn({ ...store, list }, policy)
  await write(store, bound(), DAY_CHAT)
  await bindings.load()
  isAway = true
  bindings.adopt(without)
  bindings.adopt(withAdmin)
  await expect(bindings.load()).rejects.toThrow('away')
  expect(idsOf(bindings.policy)).toEqual({})
  expect(await listed(store)).toHaveLength(2)
  isAway = false
  await bindings.load()
  expect(await listed(store)).toEqual([DAY_CHAT])
  expect(idsOf(bindings.policy)).toEqual({})
})
