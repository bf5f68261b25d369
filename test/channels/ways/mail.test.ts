import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'
import { describe, expect, test } from 'vitest'
import { composeMail } from '../../../src/channels/mail/compose.ts'
import { handedOf } from '../../../src/channels/mail/outcome.ts'
import { readSmtp } from '../../../src/channels/mail/smtp-url.ts'
import { noticeAbout, sampleNotice } from './notice.ts'

const printer = createTransport({ streamTransport: true, buffer: true })
const FROM = 'BreakerBot <breakers@example.com>'

async function printed(notice = sampleNotice()) {
  const mail = composeMail('manager@example.com', FROM, notice, 'key-1')
  if (!mail) throw new Error('no mail')
  const { message } = await printer.sendMail(mail)
  return simpleParser(message as Buffer)
}

test('whatever a thing is called, the mail has the same headers and goes to the same person', async () => {
  const usual = [...(await printed()).headers.keys()].sort()
  const name = fc.string({
    unit: fc.constantFrom(
      '\r',
      '\n',
      '\0',
      ':',
      ' ',
      'B',
      'cc',
      '<',
      '>',
      '"',
      '=?',
      '?=',
      '泵',
      '👍',
      '\ud83d',
    ),
  })
  await fc.assert(
    fc.asyncProperty(name, async (it) => {
      const mail = await printed(noticeAbout(it))
      expect([...mail.headers.keys()].sort()).toEqual(usual)
      expect(mail.to).toMatchObject({ value: [{ address: 'manager@example.com' }] })
      expect(mail.text).not.toContain('\0')
      expect(String(mail.html).match(/<tr>/g)?.length).toBe(
        String((await printed(noticeAbout('x'))).html).match(/<tr>/g)?.length,
      )
    }),
    { numRuns: 60 },
  )
})

test('an alarm without a card is a mail, too', async () => {
  const { card: _, ...notice } = sampleNotice('en', {
    title: 'Test alarm',
    text: 'This is a drill.\nNothing is wrong.',
  })
  const mail = await printed(notice)
  expect(mail.text).toBe(
    'Test alarm\n\nThis is a drill.\nNothing is wrong.\n\n-- \nNobody reads answers to this mail: act in the chat of the room.\n',
  )
  expect(mail.html).toContain('>This is a drill.</p>')
})

test('a report brings its files, as they are, and nothing about it is red', async () => {
  const { card: _, ...notice } = sampleNotice('zh-CN', { title: 'night 日报', text: '合计 7.50 kWh' })
  const content = '\ufeff断路器,用电\r\n泵,7.5\r\n'
  const files = [
    { name: 'day-2026-11-26.csv', type: 'text/csv; charset=utf-8', content },
    { name: 'day-2026-11-26.png', type: 'image/png', content: new Uint8Array([137, 80, 78, 71, 0]) },
  ]
  const mail = await printed({ ...notice, event: 'report', files })
  expect(mail.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
    ['day-2026-11-26.csv', 'text/csv'],
    ['day-2026-11-26.png', 'image/png'],
  ])
  expect(mail.attachments.map((one) => [...one.content])).toEqual([
    [...Buffer.from(content)],
    [137, 80, 78, 71, 0],
  ])
  expect(mail.text).toContain('合计 7.50 kWh')
  expect(mail.html).not.toContain('#c62828')
})

test.each(['', 'a', 'a@b, c@d', 'a@b c@d', '<a@b>', 'a@b\r\nBcc: c@d', 'a@@b'])(
  '«%s» is no recipient',
  (to) => {
    expect(composeMail(to, FROM, sampleNotice(), 'key-1')).toBeUndefined()
  },
)

describe('the address of the server', () => {
  test('ports, log-in, and TLS that is demanded where a password would go in the open', () => {
    expect(readSmtp('smtps://u%40x:p%2F@mail.example.com').server).toEqual({
      host: 'mail.example.com',
      port: 465,
      secure: true,
      requireTLS: false,
      auth: { user: 'u@x', pass: 'p/' },
    })
    expect(readSmtp('smtp://u:p@mail.example.com').server).toMatchObject({
      port: 587,
      secure: false,
      requireTLS: true,
    })
    expect(readSmtp('smtp://u:p@127.0.0.1:2525').server).toMatchObject({ port: 2525, requireTLS: false })
    expect(readSmtp('smtp://mail.example.com').server).toMatchObject({ requireTLS: false })
    expect(readSmtp('smtp://[::1]:25').server).toMatchObject({ host: '::1', port: 25 })
  })

  test('no option comes in by it', () => {
    expect(readSmtp('smtp://mail.example.com?debug=true&tls.rejectUnauthorized=false').server).toEqual(
      readSmtp('smtp://mail.example.com').server,
    )
  })

  test('a password that is no escaped text is taken as it stands', () => {
    expect(readSmtp('smtps://u:100%25%zz@mail.example.com').server).toMatchObject({
      auth: { pass: '100%25%zz' },
    })
  })
})

test('what to do is told before what the server said, however much that is', () => {
  const response = `535 ${'x'.repeat(500)}`
  const handed = handedOf(Object.assign(new Error('no'), { responseCode: 535, response }), {
    begun: false,
    over: false,
  })
  expect(handed).toMatchObject({
    outcome: 'refused',
    why: expect.stringMatching(/^user or password is wrong/),
  })
})
