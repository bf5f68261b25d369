/** What can be typed, to choose from. */
export const LINES = {
  'zh-CN': ['状态', '列表', '电量 3号增氧机 昨天', '历史', '我是谁', '控制台', '帮助'],
  en: ['status', 'list', 'energy Aerator 3 yesterday', 'history', 'whoami', 'console', 'help'],
}

export const CAUSES = [
  'overload',
  'short-circuit',
  'leakage',
  'over-temperature',
  'over-voltage',
  'under-voltage',
  'phase-loss',
  'unknown',
]
