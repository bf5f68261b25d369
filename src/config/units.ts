import { z } from 'zod'
import { factorOf, type Quantity, UNITS } from '../thingboot/units.ts'
import { shown } from './values.ts'

/** Of one quantity: a unit, a part or multiple of one, or a factor. Read as the factor. */
function unit(quantity: Quantity) {
  const words = Object.keys(UNITS[quantity])
  const [some] = words
  const error = `must be a unit of it (${words.join(', ')}), one with a number before it (0.1${some}), or a factor above 0`
  return shown(
    z.union([z.string(), z.number()], { error }).transform((text, context) => {
      const factor = factorOf(quantity, text)
      if (factor === undefined) context.addIssue({ code: 'custom', message: error })
      return factor ?? z.NEVER
    }),
    { form: words.join(', ') },
  ).exactOptional()
}

/** What a breaker's values come in, where it is not what its model's profile says. */
export const units = z.strictObject({
  voltage: unit('voltage'),
  current: unit('current'),
  power: unit('power'),
  apparent: unit('apparent'),
  powerFactor: unit('powerFactor'),
  energy: unit('energy'),
})
