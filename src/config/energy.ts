import { z } from 'zod'

/** What is made of the measured values. */
export const energy = z.strictObject({
  /** Charts are sent as pictures where a chat can show them. */
  pictures: z.boolean().default(true),
})
