import type { Ask } from './event.ts'
import type { Actor, Person } from './people.ts'

/** What a listed person who has the right asks of one circuit. */
export interface Asked {
  ask: Ask
  circuit: string
  /** The circuit as people call it. */
  breaker: string
  person: Person
  actor: Actor
}
