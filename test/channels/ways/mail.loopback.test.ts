import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMailWay, verifyMail } from '../../../src/channels/mail/index.ts'
import { createVoiceWay } from '../../../src/channels/voice/index.ts'
import { createRecorder } from '../../support/recorder.ts'
import { until } from '../../support/until.ts'
import { createMailRig, type MailRig, type Moment } from './mail-rig.ts'
import { noticeAbout, sampleNotice } from './notice.ts'
import type { Row } from './rig.ts'
import { countSockets } from './sockets.ts'
import { wayConformance } from './suite.ts'

const row = (moment: Moment, code: number, expected: Row['expected']): Row<MailRig> => ({
  name: `${code} at ${moment}`,
  answer: (rig) => rig.say(moment, code),
  expected: { code: String(code), ...expected },
})
const later = { outcome: 'later' }
const refused = { outcome: 'refused' }

describe('mail keeps the port', () =>
  wayConformance({
    name: 'mail',
    create: createMailRig,
    rows: [
      row('connect', 421, later),
      row('connect', 554, { ...refused, why: expect.stringContaining('from here') }),
      row('auth', 454, later),
      row('auth', 535, { ...refused, why: expect.stringContaining('notify.mail.smtp') }),
      row('auth', 534, { ...refused, why: expect.stringContaining('app password') }),
      row('mail', 451, later),
      row('mail', 530, { ...refused, why: expect.stringContaining('user and password') }),
      row('mail', 553, { ...refused, why: expect.stringContaining('notify.mail.from') }),
      row('rcpt', 450, later),
      row('rcpt', 452, later),
      row('rcpt', 550, { ...refused, why: expect.stringContaining('does not exist') }),
      row('end', 451, later),
      row('end', 552, refused),
      row('end', 554, refused),
      ...(['connect', 'mail', 'rcpt'] as const).map((moment) => ({
        name: `silence at ${moment}`,
        answer: (rig: MailRig) => rig.say(moment, 'silence'),
        expected: later,
      })),
      {
        name: 'silence after the text',
        answer: (rig) => rig.say('end', 'silence'),
        expected: { outcome: 'unknown' },
      },
    ],
    troubles: { reset: 'later', hang: 'later', html: 'later', torn: 'later', drip: 'later' },
  }))

describe('a mail', () => {
  let rig: MailRig
  beforeEach(async () => {
    rig = await createMailRig(4000)
  })
  afterEach(async () => {
    await rig.way.stop()
    await rig.close()
  })
  const send = (key: string, notice = sampleNotice()) => rig.way.send(rig.to, notice, key)

  test('says where it comes from and that a machine wrote it', async () => {
    await send('key-1')
    const [mail] = await rig.mails()
    expect(mail?.from?.value).toEqual([{ name: 'BreakerBot', address: 'breakers@example.com' }])
    expect(mail?.subject).toBe('过载跳闸 · 3号增氧机 (一号鱼塘)')
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
    expect(mail?.headers.get('content-language')).toBe('zh-CN')
    expect(rig.recipients).toEqual([['manager@example.com']])
  })

  test('all about one alarm is one thread, in whatever order', async () => {
    await send('key-1')
    await send('key-2', sampleNotice('zh-CN', { event: 'resolved', title: '已恢复 · 3号增氧机' }))
    await send('key-3', sampleNotice('zh-CN', { thread: 'other' }))
    const mails = await rig.mails()
    expect(mails.map(({ messageId }) => messageId)).toEqual(
      ['key-1', 'key-2', 'key-3'].map((key) => `<${key}.notice@example.com>`),
    )
    const roots = ['inc7k2m9qx4t', 'inc7k2m9qx4t', 'other'].map((thread) => `<${thread}.alarm@example.com>`)
    expect(mails.map(({ references }) => references)).toEqual(roots)
    expect(mails.map(({ inReplyTo }) => inReplyTo)).toEqual(roots)
  })

  test('after a restart the same key has the same Message-ID, so that the mailbox knows it', async () => {
    await send('key-1')
    const other = rig.again()
    await other.send(rig.to, sampleNotice(), 'key-1')
    await other.stop()
    const ids = (await rig.mails()).map(({ messageId }) => messageId)
    expect(ids).toEqual(['<key-1.notice@example.com>', '<key-1.notice@example.com>'])
  })

  test('no name gets into the headers, nor markup into the page', async () => {
    await send(
      'key-1',
      noticeAbout('x\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>&amp;<img src=x>'),
    )
    const [mail] = await rig.mails()
    expect(mail?.headers.has('bcc')).toBe(false)
    expect(rig.recipients).toEqual([['manager@example.com']])
    expect(mail?.subject).toBe(
      'Overload trip · x Bcc: evil@example.com <script>alert(1)</script>&amp;<img src=x>',
    )
    expect(mail?.html).not.toMatch(/<script|<img/)
    expect(mail?.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;&lt;img src=x&gt;')
  })

  test('several go over one connection', async () => {
    for (const key of ['a', 'b', 'c']) expect(await send(key)).toMatchObject({ outcome: 'delivered' })
    expect(rig.connections()).toBe(1)
  })

  test('a connection that the server has closed meanwhile is replaced', async () => {
    await send('key-1')
    rig.say('mail', 421)
    expect(await send('key-2')).toMatchObject({ outcome: 'later' })
    expect(await send('key-2')).toMatchObject({ outcome: 'delivered' })
  })

  test.each(['zh-CN', 'en'] as const)('looks as in the golden files (%s)', async (locale) => {
    await send('key-1', sampleNotice(locale))
    const [mail] = await rig.mails()
    const golden = (ending: string) =>
      join(import.meta.dirname, `../../golden/mail/raised.${locale}.${ending}`)
    await expect(mail?.html).toMatchFileSnapshot(golden('html'))
    await expect(mail?.text).toMatchFileSnapshot(golden('txt'))
  })

  test('check logs in, sends nothing, and says what is wrong', async () => {
    expect(await verifyMail(rig.address, 4000)).toBeUndefined()
    expect(await verifyMail(rig.address.replace('bot%40', 'other%40'), 4000)).toContain(
      'check notify.mail.smtp',
    )
    rig.say('connect', 'silence')
    expect(await verifyMail(rig.address, 500)).toContain('cannot be reached')
    expect(rig.raw).toEqual([])
  })
})

test('a server whose certificate nobody vouches for gets neither mail nor call: later, with the reason', async () => {
  const server = new SMTPServer({ secure: true, logger: false })
  server.on('error', () => {})
  const { port } = await new Promise<AddressInfo>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve(listening.address() as AddressInfo))
  })
  const { log } = createRecorder()
  const mail = createMailWay({
    smtp: `smtps://u:p@127.0.0.1:${port}`,
    from: 'a@b.example',
    log,
    within: 4000,
  })
  const voice = createVoiceWay({ ...VOICE, endpoint: `https://127.0.0.1:${port}`, log, within: 4000 })
  for (const [way, to] of [
    [mail, 'manager@example.com'],
    [voice, '13900000000'],
  ] as const) {
    const handed = await way.send(to, sampleNotice(), 'key-1')
    expect(handed).toMatchObject({ outcome: 'later', why: expect.stringMatching(/self.signed|CERT/i) })
    await way.stop()
  }
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

test('a server that falls silent after it refused a mail holds up no stop', async () => {
  const said = ['EHLO', 'MAIL', 'RCPT']
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('220 here\r\n')
    socket.on('data', (line) => {
      const word = said.find((one) => String(line).startsWith(one))
      if (word) socket.write(word === 'RCPT' ? '550 nobody\r\n' : '250 yes\r\n')
    })
  })
  const connections = countSockets(server)
  const { port } = await new Promise<AddressInfo>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo))
  })
  const { log } = createRecorder()
  const way = createMailWay({ smtp: `smtp://127.0.0.1:${port}`, from: 'a@b.example', log })
  expect(await way.send('manager@example.com', sampleNotice(), 'key-1')).toMatchObject({ code: '550' })
  await way.stop()
  await until(() => connections() === 0, 'the end of the connection', 3000)
  await new Promise((resolve) => server.close(resolve))
})

const VOICE = {
  accessKeyId: 'id',
  accessKeySecret: 'secret',
  ttsCode: 'TTS_1',
  params: { site: 'site' },
  paramLength: 60,
}
