/** An enterprise internal app; its client id is its robot code too. Adding one again replaces it. */
export interface AppSeed {
  clientId: string
  clientSecret: string
  /** Default: both of `Card.Instance.Write` and `qyapi_robot_sendmsg`. */
  scopes?: string[]
  /** Unpublished: no connection (400), and messages lack `senderStaffId` and `isAdmin`. Default true. */
  published?: boolean
}

export interface UserSeed {
  userId: string
  name: string
  admin?: boolean
  /** From outside the organisation: messages carry no `senderStaffId`, presses only an opaque id. */
  outsider?: boolean
}

export interface GroupSeed {
  conversationId: string
  title: string
  /** User ids. */
  members: string[]
  /** Client ids of the apps whose robot is in the group. */
  robots: string[]
}

export interface CustomRobotSeed {
  /** The `access_token` of its URL. */
  token: string
  conversationId: string
  secret?: string
  keywords?: string[]
}

export interface TemplateSeed {
  id: string
  /** Default true; an unpublished one is answered with `param.templateUnpublished`. */
  published?: boolean
  /** The variable that holds the list of buttons. Default `msgButtons`, as in the built-in template. */
  buttons?: string
}

/** A group by its conversation id, or the one-to-one chat of a user with the robot. */
export type ChatRef = string | { user: string }
