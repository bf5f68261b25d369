import { isObject, type JsonObject } from '../kit/json.ts'
import { refuse } from './answers.ts'
import type { SimCard } from './api.ts'
import type { CardUpdate } from './cards.ts'
import type { Core } from './core.ts'
import { paramMap } from './frames.ts'
import { byteLength, fields, isText } from './read.ts'
import type { App } from './world.ts'

function bad(code: string, message = code): never {
  refuse(400, code, message)
}

/** A required text. */
export function text(value: unknown, codeIfEmpty: string): string {
  return isText(value) && value !== '' ? value : bad(codeIfEmpty)
}

type Draft = Omit<SimCard, 'clientId' | 'spaces' | 'history'>

/** Reads what a new card is to be, each fault with its documented code. */
export function readDraft(core: Core, body: JsonObject): Draft {
  const templateId = text(body.cardTemplateId, 'param.cardTemplateIdEmpty')
  const outTrackId = text(body.outTrackId, 'param.outTrackIdEmpty')
  if (outTrackId.length > 64) bad('param.invalid', 'outTrackId is longer than 64')
  const template = core.world.templates.get(templateId) ?? bad('param.templateNotExist')
  if (template.published === false) bad('param.templateUnpublished')
  const { callbackType } = body
  return {
    outTrackId,
    templateId,
    // Anything else is taken, and presses vanish (documented).
    callbackType: callbackType === 'STREAM' || callbackType === 'HTTP' ? callbackType : undefined,
    publicData: params(core, body.cardData) ?? bad('param.cardPublicDataEmpty'),
    privateData: readPrivateData(core, body) ?? {},
  }
}

export function readUpdate(core: Core, body: JsonObject): CardUpdate {
  const publicData = params(core, body.cardData)
  const privateData = readPrivateData(core, body)
  if (!publicData && !privateData) bad('param.empty')
  const options = fields(body.cardUpdateOptions)
  return {
    ...(publicData && { publicData }),
    ...(privateData && { privateData }),
    publicByKey: options.updateCardDataByKey === true,
    privateByKey: options.updatePrivateDataByKey === true,
  }
}

/** Public or private variables: strings only (documented); undefined where none are given. */
function params(core: Core, value: unknown): Record<string, string> | undefined {
  const map = paramMap(value)
  if (map === 'wrong') bad('param.invalid', 'cardParamMap holds something else than strings')
  const long = Object.entries(map ?? {}).some(([key, one]) => byteLength(key) > 100 || byteLength(one) > 1024)
  // The limit is documented, the code for it is our choice.
  if (long && core.behaviour.strictVariables) bad('param.invalid', 'a variable is longer than 1 KB')
  return map
}

function readPrivateData(core: Core, body: JsonObject): Record<string, Record<string, string>> | undefined {
  if (body.privateData === undefined) return undefined
  // There are no union ids in this organisation.
  if ((body.userIdType ?? 1) !== 1) bad('param.invalid', 'userIdType')
  if (!isObject(body.privateData)) bad('param.invalid', 'privateData')
  const entries = Object.entries(body.privateData).map(([user, data]) => {
    checkUser(core, user)
    return [user, params(core, data) ?? {}] as const
  })
  return Object.fromEntries(entries)
}

function checkUser(core: Core, userId: string): void {
  if (!core.world.users.has(userId)) bad('param.userIdNotExist', `no user ${userId}`)
}

/** A place that a card is to be put into; `problem` says why it cannot. */
export interface Space {
  spaceType: 'IM_GROUP' | 'IM_ROBOT'
  spaceId: string
  chat: string
  problem?: string
}

const MODELS = {
  IM_GROUP: { open: 'imGroupOpenSpaceModel', deliver: 'imGroupOpenDeliverModel' },
  IM_ROBOT: { open: 'imRobotOpenSpaceModel', deliver: 'imRobotOpenDeliverModel' },
} as const

/** Reads `openSpaceId` and the models that each space in it needs. Groups and one-to-one chats only. */
export function readSpaces(core: Core, app: App, body: JsonObject): Space[] {
  return text(body.openSpaceId, 'param.openSpaceIdEmpty')
    .split(';')
    .map((part) => {
      const [, type, spaceId = ''] = /^dtv1\.card\/\/(IM_GROUP|IM_ROBOT)\.(.+)$/.exec(part) ?? []
      if (type !== 'IM_GROUP' && type !== 'IM_ROBOT') bad('param.openSpaceIdInvalid')
      checkModels(core, app, body, type)
      const space: Space = {
        spaceType: type,
        spaceId,
        chat: type === 'IM_GROUP' ? spaceId : `user:${spaceId}`,
      }
      if (reachable(core, app, space)) return space
      // Whether this is an error or part of a success is not documented.
      if (core.behaviour.deliveryFailure === 'error') bad('param.openSpaceIdInvalid')
      return { ...space, problem: 'robot is not in the conversation' }
    })
}

function checkModels(core: Core, app: App, body: JsonObject, type: Space['spaceType']): void {
  const names = MODELS[type]
  if (!isObject(body[names.open])) bad('param.openSpaceModelInvalid', names.open)
  const model = body[names.deliver]
  if (!isObject(model)) bad('param.openDeliverModelEmpty', names.deliver)
  if (type === 'IM_ROBOT' && model.spaceType !== 'IM_ROBOT') bad('param.openDeliverModelError', 'spaceType')
  if (type === 'IM_GROUP' && model.robotCode !== app.clientId) bad('param.openDeliverModelError', 'robotCode')
  const mentioned = Object.keys(fields(model.atUserIds)).filter((user) => user !== '@ALL')
  for (const user of mentioned) checkUser(core, user)
}

const reachable = (core: Core, app: App, { spaceType, spaceId }: Space): boolean =>
  spaceType === 'IM_GROUP' ? core.world.reaches(app.clientId, spaceId) : core.world.users.has(spaceId)
