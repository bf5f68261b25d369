import { describe, expect, test } from 'vitest'
import { renderCard as renderDingTalk } from '../../src/channels/dingtalk/render.ts'
import { renderCard as renderTelegram } from '../../src/channels/telegram/render.ts'
import { renderCard as renderWeCom } from '../../src/channels/wecom/render.ts'
import type { CardText } from '../../src/domain/card-text.ts'
import { checkCard } from '../../src/simulator/wecom/card-rules.ts'
import { cardText } from '../../src/text/card-text.ts'
import { STAGE_CARDS } from '../domain/support/stages.ts'
import { TOKENS } from '../support/tokens.ts'

/** What leaves for each platform. */
const RENDERERS: Record<string, (card: CardText) => object> = {
  telegram: renderTelegram,
  dingtalk: renderDingTalk,
  wecom: (card) => renderWeCom(card, 'task-1'),
}

describe.each(Object.keys(RENDERERS))('every stage on %s', (platform) => {
  describe.each(['zh-CN', 'en'] as const)('in %s', (locale) => {
    test.each(STAGE_CARDS)('%s', async (stage, card) => {
      const payload = RENDERERS[platform]!(cardText(card, locale, 'Asia/Shanghai', TOKENS))
      const file = `../golden/${platform}/stages/${stage}.${locale}.json`
      await expect(`${JSON.stringify(payload, undefined, 2)}\n`).toMatchFileSnapshot(file)
    })
  })
})

test.each(STAGE_CARDS)('WeCom takes the card of %s', (_stage, card) => {
  for (const locale of ['zh-CN', 'en'] as const) {
    expect(
      checkCard({ ...renderWeCom(cardText(card, locale, 'Asia/Shanghai', TOKENS), 'task-1') }),
    ).toBeUndefined()
  }
})
