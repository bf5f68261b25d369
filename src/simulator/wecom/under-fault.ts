import type { Answer } from './answers.ts'
import type { ClientFrame, FrameEffect } from './faults.ts'
import type { World } from './world.ts'

/** Does what a client asks for and gives the answer, or what the fault that waits for it makes of that. */
export function underFault(
  world: World,
  frame: ClientFrame,
  perform: (lose: boolean) => Answer,
  give: (answer: Answer) => void,
): void {
  const effect = world.faults.frames.hit(frame)
  if (effect?.kind === 'swallow') return
  const answer: Answer = effect?.kind === 'fail' ? effect : perform(effect?.kind === 'lose')
  if (effect?.kind === 'drop') return
  inItsTime(world, effect, () => give(answer))
}

function inItsTime(world: World, effect: FrameEffect | undefined, answer: () => void): void {
  if (effect?.kind === 'delay') {
    world.timers.after(effect.ms, answer)
  } else if (effect?.kind === 'hold') {
    effect.held.push(answer)
    if (effect.held.length >= effect.count) for (const release of effect.held.reverse()) release()
  } else {
    answer()
  }
}
