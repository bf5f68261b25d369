import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../kit/json.ts'
import { authorize, ok, type Routes, refuse } from './answers.ts'
import type { Core } from './core.ts'
import { fields, isText, textList } from './read.ts'
import { checkRobotCode } from './robot-api.ts'
import { MESSAGE_SCOPE } from './world.ts'

/**
 * DINGs of an app's robot. The path and both bodies are those of the official SDK's models; the permission, the code
 * for bad parameters and the reason in `failedList` are our choice.
 */
export const dingRoutes = (core: Core): Routes => ({
  'POST /v1.0/robot/ding/send': (exchange) => {
    const app = authorize(core, exchange, MESSAGE_SCOPE)
    const body = fields(exchange.body)
    checkRobotCode(core, app, body.robotCode)
    const { remindType, content, users } = read(body)
    const known = users.filter((user) => core.world.users.get(user)?.outsider === false)
    const openDingId = randomUUID()
    for (const user of known) {
      core.dings.push({ id: openDingId, at: core.clock.now(), user, remindType, content })
    }
    const failed = users.filter((user) => !known.includes(user))
    return ok({
      openDingId,
      failedList: Object.fromEntries(failed.map((user) => [user, 'staffId.notExist'])),
    })
  },
})

function read({ remindType, content, receiverUserIdList }: JsonObject) {
  const bad = (what: string) => refuse(400, 'invalidParameter.param.invalid', what)
  if (remindType !== 1 && remindType !== 2 && remindType !== 3) return bad('remindType')
  if (!isText(content) || content === '') return bad('content')
  const users = textList(receiverUserIdList)
  if (users.length === 0) return bad('receiverUserIdList')
  return { remindType, content, users } as const
}
