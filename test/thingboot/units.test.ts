import { expect, test } from 'vitest'
import { factorOf, type Quantity, unitWord } from '../../src/thingboot/units.ts'

test.each<[Quantity, string | number, number | undefined]>([
  ['power', 'kW', 1000],
  ['current', 'mA', 0.001],
  ['voltage', '0.1V', 0.1],
  ['voltage', '0.1 V', 0.1],
  ['energy', 'Wh', 0.001],
  ['energy', '10Wh', 0.01],
  ['apparent', 'kVA', 1000],
  ['powerFactor', '%', 0.01],
  ['power', 0.1, 0.1],
  ['power', '0.1', 0.1],
  ['power', 'KW', undefined],
  ['power', 'kWh', undefined],
  ['power', 0, undefined],
  ['power', -1, undefined],
  ['power', '1.2.3W', undefined],
  ['power', '', undefined],
  ['power', 'constructor', undefined],
])('%s: %s', (quantity, text, factor) => {
  expect(factorOf(quantity, text)).toBe(factor)
})

test.each<[Quantity, number, string]>([
  ['power', 1000, 'kW'],
  ['current', 0.001, 'mA'],
  ['voltage', 0.1, '0.1V'],
  ['energy', 0.001, 'Wh'],
  ['energy', 1, 'kWh'],
])('%s by %s is written %s, and read back', (quantity, factor, word) => {
  expect(unitWord(quantity, factor)).toBe(word)
  expect(factorOf(quantity, word)).toBe(factor)
})
