import fc from 'fast-check'
import type { CardText } from '../../src/domain/card-text.ts'

/** Any card at all, made of such texts and with such data on its buttons; at most so many rows, notes and steps. */
export function anyCard(
  text: fc.Arbitrary<string>,
  data: fc.Arbitrary<string>,
  most: number,
): fc.Arbitrary<CardText> {
  const button: fc.Arbitrary<CardText['buttons'][number]> = fc.record({
    action: fc.constantFrom('ack', 'reclose', 'energy', 'confirm', 'cancel', 'noop'),
    text,
    style: fc.constantFrom('primary', 'danger', 'plain'),
    data,
  })
  return fc.record({
    subject: text,
    version: fc.nat(),
    locale: fc.constantFrom('zh-CN', 'en'),
    tone: fc.constantFrom('alarm', 'warning', 'working', 'good', 'neutral'),
    title: text,
    subtitle: text,
    rows: fc.array(fc.record({ label: text, value: text }), { maxLength: most }),
    notes: fc.array(text, { maxLength: most }),
    story: fc.array(text, { maxLength: most }),
    buttons: fc.array(button, { maxLength: 12 }),
    summary: text,
  })
}
