import { z } from 'zod'
import { callJson } from '../../channels/kit/http.ts'
import { NO_ROBOT, robotUrl } from '../../channels/wecom/robot-line.ts'
import { groupRobots } from '../../config/robots.ts'
import type { Config } from '../../config/schema.ts'
import { type Finding, ill, PATIENCE, well } from './finding.ts'

const answer = z.object({ errcode: z.number() })

/** Asks for each group robot of WeCom whether it is known. It is asked by a message that is none: nothing is posted. */
export async function tryGroupRobots(config: Config): Promise<Finding[]> {
  const { baseUrl, keys } = groupRobots(config)
  return Promise.all([...keys].map(([chat, key]) => tryRobot(baseUrl, key, roomOf(config, chat))))
}

const roomOf = ({ rooms }: Config, chat: string) => rooms.find(({ wecom }) => wecom === chat)?.name ?? chat

async function tryRobot(baseUrl: string, key: string, room: string): Promise<Finding> {
  const part = `group robot of ${room}`
  const url = robotUrl(baseUrl, key)
  const outcome = await callJson({ method: 'POST', url, body: {}, timeout: PATIENCE })
  if (outcome.kind !== 'answer') return ill(part, outcome.why)
  const { data } = answer.safeParse(outcome.body)
  if (!data) return ill(part, `no usable answer (HTTP ${outcome.status}); check groupRobot.baseUrl`)
  return NO_ROBOT.includes(data.errcode)
    ? ill(part, `WeCom does not know it (${data.errcode}); check its key, or add one to the group`)
    : well(part, 'its key is right')
}
