import { describe, expect, test } from 'vitest'
import { createTelegramChannel, type TelegramOptions } from '../../../src/channels/telegram/index.ts'
import { createRecorder } from '../../support/recorder.ts'

describe('options that can never work are refused', () => {
  const { log } = createRecorder()
  const good: TelegramOptions = {
    token: '900:AAE-secret_of_the_bot',
    apiRoot: 'https://api.telegram.org',
    mode: 'polling',
    proxy: null,
    log,
  }
  const rows: [string, Partial<TelegramOptions>, RegExp][] = [
    ['token', { token: 'secret-without-number' }, /^(?!.*secret-without).*must look like/],
    ['proxy', { proxy: 'ftp://127.0.0.1' }, /http:\/\/, https:\/\/ or socks5:\/\//],
    ['apiRoot', { apiRoot: 'api.telegram.org' }, /Invalid URL/],
    ['webhook', { mode: 'webhook' }, /public address/],
  ]
  test.each(rows)('%s', (_, wrong, why) => {
    expect(() => createTelegramChannel({ ...good, ...wrong })).toThrow(why)
  })

  test('all kinds of proxies are known', () => {
    for (const proxy of [
      'http://u:p@127.0.0.1:1',
      'https://127.0.0.1:1',
      'socks5://127.0.0.1:1',
      'socks5h://127.0.0.1:1',
    ]) {
      expect(createTelegramChannel({ ...good, proxy }).name).toBe('telegram')
    }
  })
})
