import type { AutoReclose, BreakerConfig } from '../../../src/domain/policy.ts'
import type { Cause } from '../../../src/domain/report.ts'
import { POLICY, PUMP } from './site.ts'
import { type Story, type StoryOptions, tellStory } from './story.ts'

export const AUTO: AutoReclose = {
  causes: ['over-voltage', 'under-voltage', 'phase-loss'],
  deadTime: 5000,
  shots: 1,
  reclaim: 180_000,
  perDay: 3,
}

/** A breaker that closes by itself, with a supply that need not be watched first. */
export function automatic(more: Partial<AutoReclose> = {}, options: StoryOptions = {}): Story {
  const config: BreakerConfig = { ...PUMP, autoReclose: { ...AUTO, ...more } }
  const closing = { ...POLICY.closing, voltageStable: 0, ...options.policy?.closing }
  const story = tellStory({ config, ...options, policy: { ...options.policy, closing } })
  story.closed()
  story.wait(1000)
  return story
}

/** The same, tripped: its dead time runs. */
export function waiting(
  cause: Cause = 'under-voltage',
  more: Partial<AutoReclose> = {},
  options?: StoryOptions,
): Story {
  const story = automatic(more, options)
  story.trip(cause)
  return story
}
