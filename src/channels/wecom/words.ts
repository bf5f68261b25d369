import type { Locale } from '../../domain/card-text.ts'

/** The language of a sentence that does not say its own. */
export const languageOf = (text: string): Locale => (/\p{Script=Han}/u.test(text) ? 'zh-CN' : 'en')

/** What it means that the robot speaks. Nobody hears what is typed meanwhile, so no words to type are named. */
export const NOTICES: Record<'card' | 'text', Record<Locale, string>> = {
  card: {
    'zh-CN':
      '【没有按钮】机器人的连接断了，这条由群机器人代发。连接恢复后会补发卡片，按钮和命令到那时才有效；现在请用本房间在其他平台的群，或到现场操作。',
    en: '[No buttons] The bot has lost its connection; the group robot sends this in its place. When it is back the card follows, and buttons and typed commands work again. Until then use the chats of this room on other platforms, or the lever on site.',
  },
  text: {
    'zh-CN':
      '【群机器人代发】机器人的连接断了，恢复前收不到命令；现在请用本房间在其他平台的群，或到现场操作。',
    en: '[From the group robot] The bot has lost its connection and hears no commands until it is back. Until then use the chats of this room on other platforms, or the lever on site.',
  },
}

/** Calls on people by their names. */
export const CALLS: Record<Locale, (names: string[], what: string) => string> = {
  'zh-CN': (names, what) => `${names.join('、')}，请处理：${what}`,
  en: (names, what) => `${names.join(', ')}, please see to this: ${what}`,
}

/** Stands below the head of what the anti-spam check would not have whole. */
export const WITHHELD: Record<Locale, string> = {
  'zh-CN': '企业微信的反垃圾检查拒绝了全文。请看本房间在其他平台的群，或 @机器人 发送“状态”。',
  en: 'The anti-spam check of WeCom refused the rest. Look at the chats of this room on other platforms, or mention the bot and write “status”.',
}
