import type { JsonObject } from '../../../src/simulator/wecom/api.ts'

/** A valid button card. */
export const card = (taskId: string, changes: JsonObject = {}): JsonObject => ({
  card_type: 'button_interaction',
  task_id: taskId,
  main_title: { title: '过流跳闸 · 3号楼配电箱', desc: '2026-11-22 20:30:12' },
  horizontal_content_list: [{ keyname: '电流', value: '83.2 A' }],
  button_list: [
    { text: '确认', style: 1, key: 'ack' },
    { text: '合闸', style: 4, key: 'reclose' },
  ],
  ...changes,
})
