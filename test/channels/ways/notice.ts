import type { Notice } from '../../../src/channels/way.ts'
import { sampleCards } from '../../support/cards.ts'

/** What is told of one alarm, in one language. */
export function sampleNotice(locale: Notice['locale'] = 'zh-CN', change: Partial<Notice> = {}): Notice {
  const zh = locale === 'zh-CN'
  const facts = zh
    ? {
        site: '一号鱼塘',
        breaker: '3号增氧机',
        cause: '过载',
        severity: 'critical',
        incident: 'inc7k2m9qx4t',
      }
    : {
        site: 'Fish pond 1',
        breaker: 'Pump 3',
        cause: 'overload',
        severity: 'critical',
        incident: 'inc7k2m9qx4t',
      }
  return {
    thread: 'inc7k2m9qx4t',
    event: 'raised',
    locale,
    title: zh ? '过载跳闸 · 3号增氧机 (一号鱼塘)' : 'Overload trip · Pump 3 (Fish pond 1)',
    text: zh
      ? '一号鱼塘的3号增氧机因过载跳闸，5 分钟无人确认。'
      : 'Pump 3 of Fish pond 1 tripped by overload. Nobody has acknowledged it for 5 min.',
    card: sampleCards(locale).open!,
    facts,
    ...change,
  }
}

/** The same notice about something of this name. */
export function noticeAbout(name: string): Notice {
  const notice = sampleNotice('en')
  const card = notice.card!
  return {
    ...notice,
    title: `Overload trip · ${name}`,
    text: `${name} tripped by overload.`,
    facts: { ...notice.facts, breaker: name, site: name },
    card: {
      ...card,
      title: name,
      subtitle: name,
      rows: [{ label: name, value: name }],
      notes: [name],
      story: [name],
    },
  }
}
