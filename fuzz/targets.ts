import type { Target } from './target.ts'
import { chats } from './targets/chats.ts'
import { cloud } from './targets/cloud.ts'
import { farEnds } from './targets/far-ends.ts'
import { routes } from './targets/routes.ts'
import { stored } from './targets/stored.ts'
import { words } from './targets/words.ts'

/** All that reads what comes from outside. */
export const TARGETS: readonly Target[] = [...cloud, ...chats, ...farEnds, ...words, ...stored, ...routes]
