import { describe, expect, test } from 'vitest'
import { findPlace, isOneOf } from '../../src/domain/find-breaker.ts'
import { readHistory, splitPage } from '../../src/domain/history.ts'
import { wordsOf } from '../../src/domain/history-words.ts'
import { translator } from '../../src/text/translate.ts'
import { EIGHT, PUMP, TWIN } from './support/site.ts'

const ZONE = 'Asia/Shanghai'
const iso = (at: number | undefined) => at !== undefined && new Date(at).toISOString()

describe('the words after «history»', () => {
  test.each([
    ['3号', '3号', false, false],
    ['3号 今天', '3号', '2025-12-31T16:00:00.000Z', '2026-01-01T16:00:00.000Z'],
    ['Pump 3 Yesterday', 'Pump 3', '2025-12-30T16:00:00.000Z', '2025-12-31T16:00:00.000Z'],
    ['前天', '', '2025-12-29T16:00:00.000Z', '2025-12-30T16:00:00.000Z'],
    ['3号 2025-02-28', '3号', '2025-02-27T16:00:00.000Z', '2025-02-28T16:00:00.000Z'],
    ['3号 12-31', '3号', '2025-12-30T16:00:00.000Z', '2025-12-31T16:00:00.000Z'],
    ['3号 1-1', '3号', '2025-12-31T16:00:00.000Z', '2026-01-01T16:00:00.000Z'],
  ])('«%s»', (rest, name, from, to) => {
    const asked = readHistory(rest, EIGHT, ZONE)
    expect([asked.name, iso(asked.day?.from), iso(asked.day?.to)]).toEqual([name, from, to])
  })

  test.each([
    ['3号 2', '3号', 2],
    ['3号 昨天 12', '3号 昨天', 12],
    ['2', '', 2],
    ['820720', '820720', 1],
    ['3号', '3号', 1],
    ['', '', 1],
  ])('the page of «%s»', (rest, before, page) => {
    expect(splitPage(rest)).toEqual({ rest: before, page })
  })
})

describe('an entry in words', () => {
  const said = (what: string, details?: Record<string, unknown>) =>
    translator('zh-CN', ZONE)(wordsOf({ at: 0, who: '甲', what, subject: '1', ...(details && { details }) }))

  test('of whose an alarm is, and of who was called for it', () => {
    expect(said('incident.unacknowledged')).toBe('甲 取消确认')
    expect(said('incident.handed-over')).toBe('甲 转交告警')
    expect(said('incident.ack-lapsed')).toBe('确认超时，重新呼叫')
    const call = { person: '乙', way: 'voice', outcome: 'delivered' }
    expect(said('escalation.called', call)).toBe('已通知 乙（语音电话）')
    expect(said('escalation.called', { ...call, outcome: 'refused' })).toBe('通知 乙 失败（语音电话）')
    expect(said('escalation.posted', { to: 'a@b', way: 'mail', outcome: 'delivered' })).toBe('邮件：a@b')
    expect(said('escalation.posted', { to: 'ops', way: 'webhook', outcome: 'unknown' })).toBe(
      'Webhook没有送达：ops',
    )
  })

  test('of an alarm that is no breaker’s', () => {
    expect(said('alarm.raised', { kind: 'site-offline' })).toBe('告警：现场失联')
    expect(said('alarm.acknowledged', { kind: 'no-duty' })).toBe('甲 确认：无人值班')
    expect(said('alarm.resolved', { kind: 'drill' })).toBe('结束：演练')
    expect(said('alarm.something', {})).toBe('甲：alarm.something')
  })

  test.each<[string, Record<string, unknown> | undefined, string]>([
    ['incident.opened', { cause: 'leakage' }, '跳闸（漏电）'],
    ['incident.opened', { cause: 'unknown', raw: 'E07' }, '跳闸（E07）'],
    ['operation.refused', { to: 'closed' }, '合闸命令没有执行'],
    [
      'close.refused',
      { reasons: ['gate.offline', 'gate.busy'] },
      '甲 请求合闸，未获允许：断路器离线，请到现场查看',
    ],
    ['close.refused', { reasons: ['gate.busy'] }, '甲 请求合闸，未获允许'],
    [
      'full-off.ended',
      { place: '一号鱼塘', reached: 3, missed: 1 },
      '全关 一号鱼塘 结束：3 路已分闸，1 路未成功',
    ],
    ['group-close.stopped', { place: '增氧' }, '甲 停止成组合闸 增氧'],
    ['constructor', undefined, '甲：constructor'],
    ['hold.set', undefined, '甲 挂牌'],
  ])('%s %j', (what, details, wanted) => expect(said(what, details)).toBe(wanted))
})

describe('the place that a text names', () => {
  const all = [PUMP, TWIN, { ...PUMP, id: '9', name: '增氧', room: 'other', site: '二号', groups: [] }]
  const names = (text: string, room?: string) => {
    const found = findPlace(all, text, room)
    return found && [found.name, ...found.breakers.map((one) => one.id)]
  }
  test('is a site, a group or a room in full; «all» only in a room', () => {
    expect(names(' 一号 鱼塘')).toEqual(['一号鱼塘', PUMP.id, TWIN.id])
    expect(names('增氧')).toEqual(['增氧', PUMP.id, TWIN.id])
    expect(names('一号')).toBeUndefined()
    expect(names('Night-Shift')).toEqual(['night-shift', PUMP.id, TWIN.id])
    expect(names('全部', 'night-shift')).toEqual(['night-shift', PUMP.id, TWIN.id])
    expect(names('all')).toBeUndefined()
    expect(names('')).toBeUndefined()
  })
  test('is not meant where a breaker has that very name', () => {
    expect([isOneOf(all, '增氧'), isOneOf(all, '3号'), isOneOf(all, PUMP.id)]).toEqual([true, false, true])
  })
})
