import { stormCard } from '../src/domain/storm-card.ts'
import { translator } from '../src/text/translate.ts'
import { chatsOf, type Fleet } from './fleet.ts'
import type { KeptCards } from './state.ts'
import type { Facts, Violation } from './verdict.ts'

const say = translator('zh-CN', 'Asia/Shanghai')

/** In each chat of its room some message shows a storm as it stands: its card, or, on WeCom, a word after it. */
export function checkStorms({
  fleet,
  standing,
  kept,
}: Pick<Facts, 'standing'> & { fleet: Pick<Fleet, 'rooms'>; kept: Pick<KeptCards, 'storms'> }): Violation[] {
  const byChat = Map.groupBy(standing, (one) => `${one.platform} ${one.chat}`)
  return kept.storms.flatMap((storm) => {
    const room = fleet.rooms.find((one) => one.name === storm.room)!
    const { title, subtitle } = stormCard(storm)
    const words = [title, subtitle].map(say)
    return chatsOf(room).flatMap((platform): Violation[] => {
      const chat = String(room[platform])
      const messages = byChat.get(`${platform} ${chat}`) ?? []
      if (messages.some((one) => words.every((word) => one.text.includes(word)))) return []
      const what = `no message in ${platform} shows the storm ${storm.id} in ${room.name} as it stands: ${words.join('; ')}`
      return [{ rule: 'converged', what, evidence: { where: { platform, chat }, storm } }]
    })
  })
}
