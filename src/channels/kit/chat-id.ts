/** The chat with one person, on platforms where that has no id of its own. */
export const chatWith = (user: string) => `user:${user}`

/** The person of such a chat; undefined for any other. */
export const userOf = (chat: string): string | undefined => /^user:(.+)$/.exec(chat)?.[1]
