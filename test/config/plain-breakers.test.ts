import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { liftPlain } from '../../src/config/plain-breakers.ts'
import { readQuickly, readYaml } from '../../src/config/read-yaml.ts'

const slowly = (text: string): unknown => {
  const read = readYaml(text)
  return 'fault' in read ? undefined : read.value
}
const lifted = (text: string): number => liftPlain(text)?.runs.flat().length ?? 0

const FLEET = `rooms: [{ name: a }]
breakers: # all of them
  - { id: 007, name: 3号增氧机, site: "一号 # 塘", room: 'a: b', ratedCurrent: 60 } # by the gate
  - id: 820721
    name: pump 2 (old)
    groups: [增氧, 2号, "x, y", 12]
    reportEvery: 30s   # often
    ratedCurrent: 62.5

  # The rest
  - { id: 820722, name: true }
  - id: 820723
    autoReclose: { enabled: true }
  - { id: 820724, name: "\${NAME}" }
  - { id: 820725, name: c }
people: []
`

describe('breakers in plain YAML', () => {
  test('are read as YAML reads them, and what is not plain is left to it', () => {
    expect(readQuickly(FLEET)).toEqual(slowly(FLEET))
    expect(lifted(FLEET)).toBe(3)
  })

  // Pieces that mean something in YAML, among those that do not.
  const word = fc.oneof(
    fc.constantFrom(
      ...['true', 'Null', '~', '0x1F', '1e5', '0o17', '007', '1.50', '.5', '5.', '-3', '+3', '12:30'],
    ),
    fc.constantFrom(
      ...['3号', '30s', '1d5', '1_000', 'a b', 'a  b', "it's", '"q"', "'q'", "'a''b'", '"a\\nb"', ''],
    ),
    fc.constantFrom(
      ...[
        '*a',
        '&a',
        '!x',
        'a # b',
        'a#b',
        'a: b',
        '[a, b]',
        '[1, 2s]',
        '[]',
        '{ a: 1 }',
        `\${X}`,
        `"\${X}"`,
        '|',
      ],
    ),
    fc.stringMatching(/^[ab1号 .:,#'"[\]{}-]{0,6}$/),
  )
  const pair = fc.tuple(fc.constantFrom('id', 'name', 'site', 'ratedCurrent', 'phone', 'a b'), word)
  const pairs = fc.uniqueArray(pair, { minLength: 1, maxLength: 2, selector: ([key]) => key })
  const written = (all: [string, string][]) => all.map(([key, value]) => `${key}: ${value}`)
  const item = fc.oneof(
    fc
      .tuple(pairs, fc.constantFrom('', ' # note', ' '))
      .map(([all, end]) => `  - { ${written(all).join(', ')} }${end}`),
    fc
      .tuple(pairs, fc.constantFrom('\n    ', '\n    ', '\n      ', '\n   ', '\n\n    '))
      .map(([all, gap]) => `  - ${written(all).join(gap)}`),
    fc.constantFrom(
      '',
      '# note',
      '    # note',
      ' - { id: 1 }',
      '   - { id: 1 }',
      '- id: 2',
      '  - [a]',
      '  -',
      '  - "a',
      'other:',
      'b"',
    ),
  )

  test('never differ from what YAML says', () => {
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 3 }),
        fc.constantFrom('\n', '\n', '\n', '\r\n'),
        (items, end) => {
          const text = ['rooms: []', 'breakers:', ...items, 'people: []', ''].join(end)
          const quick = readQuickly(text)
          if (quick !== undefined) expect(quick).toEqual(slowly(text))
        },
      ),
      { numRuns: 3000 },
    )
  })

  test.each([
    ['several documents', `---\nbreakers:\n  - { id: 1 }\n`],
    ['another version of YAML', `%YAML 1.1\n---\nbreakers:\n  - { id: 1 }\n`],
    ['a text that looks like it', `note: |\n  x\nbreakers: |\n  - { id: 1 }\n`],
    ['a key that stands twice', 'breakers:\n  - { id: 1, id: 2 }\n'],
  ])('%s: nothing is lifted', (_, text) => {
    expect(liftPlain(text)).toBeUndefined()
  })
})
