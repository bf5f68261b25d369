import type { CardText, Locale } from '../../src/domain/card-text.ts'

/** Cards in every stage, with names that break careless escaping, for the adapters' golden files. */
export function sampleCards(locale: Locale): Record<string, CardText> {
  const zh = locale === 'zh-CN'
  const t = (chinese: string, english: string) => (zh ? chinese : english)
  const base: CardText = {
    subject: 'inc7k2m9qx4t',
    version: 1,
    locale,
    tone: 'alarm',
    title: t('过载跳闸 · 3号<增氧机>&_泵*', 'Overload trip · Pump 3 <A>&_b*'),
    subtitle: t('已分闸，无人确认 · 2026-01-01 08:00:00', 'Open, not acknowledged · 2026-01-01 08:00:00'),
    rows: [
      { label: t('位置', 'Site'), value: t('一号鱼塘', 'Fish pond 1') },
      { label: t('原因', 'Cause'), value: t('过载', 'Overload') },
      { label: t('电流', 'Current'), value: '63.1 A / 60 A' },
      { label: t('电压', 'Voltage'), value: '228.4 V' },
      { label: t('功率', 'Power'), value: '14.40 kW' },
    ],
    notes: [
      t('跳闸前 30 秒电流 58–63 A，接近额定 60 A。', 'Current was 58–63 A (rated 60 A) in the 30 s before.'),
    ],
    story: [],
    buttons: [
      { action: 'ack', text: t('确认', 'Acknowledge'), style: 'primary', data: 'v1:ack:inc7k2m9qx4t' },
      { action: 'reclose', text: t('合闸', 'Reclose'), style: 'danger', data: 'v1:reclose:inc7k2m9qx4t' },
      { action: 'energy', text: t('电量', 'Energy'), style: 'plain', data: 'v1:energy:inc7k2m9qx4t' },
    ],
    summary: t('过载跳闸：一号鱼塘 3号<增氧机>&_泵*', 'Overload trip: Fish pond 1, Pump 3 <A>&_b*'),
  }
  const acked = [t('08:00:21 电工甲 确认（Telegram）', '08:00:21 Electrician A acknowledged (Telegram)')]
  return {
    open: base,
    acknowledged: {
      ...base,
      version: 2,
      tone: 'warning',
      subtitle: t('已确认：电工甲 · 08:00:21', 'Acknowledged by Electrician A · 08:00:21'),
      story: acked,
      buttons: base.buttons.slice(1),
    },
    confirming: {
      ...base,
      version: 3,
      tone: 'working',
      subtitle: t('电工甲 请求合闸，60 秒内确认', 'Electrician A asks to close; confirm within 60 s'),
      story: acked,
      buttons: [
        {
          action: 'confirm',
          text: t('确认合闸', 'Confirm close'),
          style: 'danger',
          data: 'v1:confirm:inc7k2m9qx4t:k7Qp2x',
        },
        {
          action: 'cancel',
          text: t('取消', 'Cancel'),
          style: 'plain',
          data: 'v1:cancel:inc7k2m9qx4t:k7Qp2x',
        },
      ],
    },
    closed: {
      ...base,
      version: 6,
      tone: 'good',
      subtitle: t('已合闸 · 08:01:02', 'Closed · 08:01:02'),
      story: [...acked, t('08:00:58 电工甲 合闸', '08:00:58 Electrician A closed it')],
      buttons: [base.buttons[2]!],
    },
    final: { ...base, version: 9, tone: 'neutral', notes: [], story: acked, buttons: [] },
  }
}

/** A card with what may be typed instead of each of its buttons. */
export const typeable = (card: CardText): CardText => ({
  ...card,
  buttons: card.buttons.map((button) => ({ ...button, typed: `${button.text} 3号增氧机` })),
})
