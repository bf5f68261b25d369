import { onAwayDue } from './absence.ts'
import type { Decision, Given, Situation } from './decision.ts'
import { Draft } from './draft.ts'
import type { BreakerEvent } from './event.ts'
import { onGroupStep } from './group-step.ts'
import { followWindows, onHushOver, underWindows } from './hushing.ts'
import { onAsk } from './on-ask.ts'
import { followIncidents, onAlarmTimer } from './on-escalation.ts'
import { onConfirmExpired, onControlOutcome, onFeedbackDue, onLookedUp } from './on-outcome.ts'
import { onReclaimed, onRecloseDue } from './on-reclosing.ts'
import { onReport } from './on-report.ts'
import { onSilent } from './on-silent.ts'
import { underStorm } from './storm-cover.ts'

/**
 * The heart of the product: what follows from one event. Pure: the same situation, event, policy, time and
 * ids give the same decision. Events of one breaker are decided one after another.
 */
export function decide(situation: Situation, event: BreakerEvent, given: Given): Decision {
  const draft = new Draft(situation, given)
  switch (event.type) {
    case 'report':
      onReport(draft, event.report)
      break
    case 'ask':
      onAsk(draft, event)
      break
    case 'group-step':
      onGroupStep(draft, event)
      break
    case 'confirm-expired':
      onConfirmExpired(draft, event.operation)
      break
    case 'control-outcome':
      onControlOutcome(draft, event.operation, event.outcome)
      break
    case 'feedback-due':
      onFeedbackDue(draft, event.operation)
      break
    case 'looked-up':
      onLookedUp(draft, event)
      break
    case 'reclose-due':
      onRecloseDue(draft, event.reclosing, event.step)
      break
    case 'reclaimed':
      onReclaimed(draft, event.reclosing)
      break
    case 'silent':
      onSilent(draft, event)
      break
    case 'away-due':
      onAwayDue(draft, event)
      break
    case 'escalate':
    case 'ack-lapses':
    case 'unheard':
    case 'follow':
      onAlarmTimer(draft, event)
      break
    case 'hush-over':
      onHushOver(draft, event.incident)
      break
    case 'storm-over':
      draft.refreshIncidents()
      break
  }
  followWindows(draft, situation, event)
  followIncidents(draft, situation)
  return underStorm(situation, underWindows(situation, draft.done()), given.storms)
}
