import { z } from 'zod'
import { CALLED_BY } from '../domain/people.ts'
import { filled, url } from './values.ts'

export const personalWay = z.enum(CALLED_BY)

/** Left out: what most templates have. */
const PARAMS = { site: 'where', breaker: 'breaker', cause: 'causeName' }

const aliyun = z.strictObject({
  accessKeyId: filled,
  accessKeySecret: filled,
  ttsCode: filled,
  /** Left out: the public mode, in which Aliyun chooses the caller's number. */
  calledShowNumber: filled.optional(),
  /** A host, or an address. */
  endpoint: filled
    .refine((text) => URL.canParse(/^https?:/.test(text) ? text : `https://${text}`), {
      error: 'must be a host such as dyvmsapi.aliyuncs.com',
    })
    .default('dyvmsapi.aliyuncs.com'),
  /** The template's variables, and the fact that fills each. */
  params: z
    .record(z.string().regex(/^\w+$/, 'names of variables are letters, digits and _'), filled)
    .default(PARAMS),
  /** Characters of one variable; all together have less than 250 (documented). */
  paramLength: z
    .int({ error: 'must be a whole number of characters' })
    .min(2, 'must be at least 2')
    .max(249, 'must be at most 249')
    .default(60),
})

/** How to make one, too. */
export const SECRET_FORM =
  'must be whsec_ and 24 random bytes or more in base64; make one with: echo whsec_$(openssl rand -base64 32)'

const webhook = z.strictObject({
  url: z.string().regex(/^https?:\/\/\S+$/, 'must be an address beginning with https:// or http://'),
  secret: z.string().regex(/^whsec_./, SECRET_FORM),
})

/** The ways in one direction. */
export const notify = z.strictObject({
  mail: z.strictObject({ smtp: url('smtp', 'smtps'), from: filled }).optional(),
  webhooks: z.record(z.string(), webhook).optional(),
  voice: z.strictObject({ aliyun }).optional(),
})
