import { expect, test } from 'vitest'
import { csvLine } from '../../src/domain/csv.ts'

test.each<[string, (string | number)[], string]>([
  ['texts and numbers', ['泵', 1.5, 0, ''], '泵,1.5,0,'],
  [
    'what a spreadsheet would take for a formula',
    ['=1+1', '+1', '-1', '@x', '\tx'],
    "'=1+1,'+1,'-1,'@x,'\tx",
  ],
  ['a formula that is quoted too', ['=HYPERLINK("x","y")'], `"'=HYPERLINK(""x"",""y"")"`],
  ['numbers below nought as numbers', [-1.5], '-1.5'],
  ['commas, quotes and lines', ['a,b', 'a"b', 'a\nb'], '"a,b","a""b","a\nb"'],
])('%s', (_, fields, line) => expect(csvLine(fields)).toBe(`${line}\r\n`))
