import type { ChatAnswer } from '../channel.ts'
import { renderCard, renderNotice, type TemplateCard } from './render.ts'

/** The one update that a press can be answered with. */
export interface Update {
  body: { response_type: 'update_template_card'; userids?: string[]; template_card: TemplateCard }
  /** It shows everybody the answer's card. */
  forAll: boolean
  /** It shows the presser the answer's toast. */
  tells: boolean
}

/**
 * Puts an answer into the form of an update. There is no toast: the sentence stands on the presser's own copy, in
 * the card where that is theirs alone, else in place of it. A card for all has no room for what concerns one.
 * @param taskId that of the pressed card: with another one the update is taken and not drawn (seen)
 * @returns undefined if there is nothing to show
 */
export function updateFor(
  { card, own, toast = '', privately }: ChatAnswer,
  presser: string,
  taskId: string,
): Update | undefined {
  if (!card && toast === '') return undefined
  const forAll = card !== undefined && !privately
  const theirs = own ?? card
  const shown = forAll
    ? renderCard(card, taskId)
    : theirs
      ? renderCard(theirs, taskId, toast)
      : renderNotice(toast, taskId)
  return {
    body: {
      response_type: 'update_template_card',
      ...(!forAll && { userids: [presser] }),
      template_card: shown,
    },
    forAll,
    tells: !forAll && toast !== '',
  }
}
