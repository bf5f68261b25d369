import type { ChatAnswer } from '../channel.ts'
import { renderButtons, renderCard, renderTips } from './render.ts'

/** What the ACK of a press changes on the card; nothing where all is left out. */
export interface PressResponse {
  cardUpdateOptions?: { updateCardDataByKey: true; updatePrivateDataByKey: false }
  cardData?: { cardParamMap: Record<string, string> }
  /** Of the presser. */
  userPrivateData?: { cardParamMap: Record<string, string> }
}

/**
 * Puts an answer into the form of the ACK. DingTalk has no toast: the sentence stands in the card's `tips`, for
 * the presser alone when it is meant so, refuses, or comes without a card. The presser's private variables are
 * always replaced as a whole: a private one hides the public one of its name (inferred), and must not stay. For
 * the same reason nothing but the sentence and the buttons of a step of their own is ever private: the card itself
 * would stand still for that person.
 */
export function pressResponse({ toast = '', alert, card, own, privately }: ChatAnswer): PressResponse {
  if (!card && toast === '') return {}
  const ownToast = toast !== '' && (privately || alert || !card)
  const theirs = {
    ...(ownToast && { tips: renderTips(toast) }),
    ...(own && { sys_full_json_obj: renderButtons(own.buttons) }),
  }
  return {
    cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: false },
    ...(card &&
      (!privately || own) && { cardData: { cardParamMap: renderCard(card, ownToast ? '' : toast) } }),
    userPrivateData: { cardParamMap: theirs },
  }
}
