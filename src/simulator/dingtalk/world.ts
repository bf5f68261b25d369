import type { AppSeed, ChatRef, CustomRobotSeed, GroupSeed, TemplateSeed, UserSeed } from './seeds.ts'

/** The built-in template «MarkdownButton» that official code uses (seen in the Python SDK). */
export const BUILT_IN_TEMPLATE = '1366a1eb-bc54-4859-ac88-517c56a9acb1.schema'

export const CARD_SCOPE = 'Card.Instance.Write'
export const MESSAGE_SCOPE = 'qyapi_robot_sendmsg'

export type App = Required<AppSeed>
export type Group = GroupSeed & { dissolved: boolean }

/** A chat as a map key: a conversation id, or `user:<id>`. */
export const chatKey = (chat: ChatRef): string => (typeof chat === 'string' ? chat : `user:${chat.user}`)

/** The organisation: who and what there is. */
export function createWorld() {
  const apps = new Map<string, App>()
  const users = new Map<string, Required<UserSeed>>()
  const groups = new Map<string, Group>()
  const customRobots = new Map<string, CustomRobotSeed>()
  const templates = new Map<string, TemplateSeed>([[BUILT_IN_TEMPLATE, { id: BUILT_IN_TEMPLATE }]])

  return {
    apps,
    users,
    groups,
    customRobots,
    templates,
    addApp(seed: AppSeed): void {
      apps.set(seed.clientId, { scopes: [CARD_SCOPE, MESSAGE_SCOPE], published: true, ...seed })
    },
    addUser(seed: UserSeed): void {
      users.set(seed.userId, { admin: false, outsider: false, ...seed })
    },
    addGroup(seed: GroupSeed): void {
      groups.set(seed.conversationId, {
        ...seed,
        members: [...seed.members],
        robots: [...seed.robots],
        dissolved: false,
      })
    },
    /** Throws for one that is not there: a mistake in the test. */
    user(userId: string): Required<UserSeed> {
      return users.get(userId) ?? fail(`no user ${userId}`)
    },
    group(conversationId: string): Group {
      return groups.get(conversationId) ?? fail(`no group ${conversationId}`)
    },
    /** Whether the robot can write there: the group exists and it is a member. */
    reaches(clientId: string, conversationId: string): boolean {
      const group = groups.get(conversationId)
      return group !== undefined && !group.dissolved && group.robots.includes(clientId)
    },
    /** Whether the user sees what is written in the chat (its key). */
    sees(userId: string, chat: string): boolean {
      const group = groups.get(chat)
      return chat === `user:${userId}` || (group?.dissolved === false && group.members.includes(userId))
    },
  }
}

export function fail(message: string): never {
  throw new Error(`DingTalk simulator: ${message}`)
}

/** The opaque `$:LWCP_v1:$…` id that messages carry besides the staff id. */
export const opaqueId = (id: string): string => `$:LWCP_v1:$${Buffer.from(id).toString('base64url')}`

export type World = ReturnType<typeof createWorld>
