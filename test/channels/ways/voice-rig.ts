import { createVoiceWay } from '../../../src/channels/voice/index.ts'
import {
  type AliyunVoiceSim,
  createAliyunVoiceSim,
  type VoiceFault,
} from '../../../src/simulator/aliyun-voice/index.ts'
import { closedPort } from '../../support/closed-port.ts'
import { createRecorder } from '../../support/recorder.ts'
import type { Trouble, WayRig } from './rig.ts'

export const KEY = { accessKeyId: 'LTAI5tSampleKeyId', accessKeySecret: 'sample-secret-of-aliyun' }

export interface VoiceRig extends WayRig {
  sim: AliyunVoiceSim
}

type Change = Partial<Parameters<typeof createVoiceWay>[0]>

export async function createVoiceRig(within: number, change: Change = {}): Promise<VoiceRig> {
  const sim = await createAliyunVoiceSim({
    keys: { [KEY.accessKeyId]: KEY.accessKeySecret },
    templates: { TTS_1: ['site', 'breaker', 'cause'] },
    numbers: ['02566668888'],
    limits: { perMinute: 3 },
  })
  const { log, lines } = createRecorder()
  const at = (endpoint: string) =>
    createVoiceWay({
      ...KEY,
      ttsCode: 'TTS_1',
      endpoint,
      params: { site: 'site', breaker: 'breaker', cause: 'cause' },
      paramLength: 60,
      log,
      within,
      ...change,
    })
  return {
    sim,
    way: at(sim.url),
    again: () => at(sim.url),
    nowhere: async () => at(`http://127.0.0.1:${await closedPort()}`),
    to: '+86 139-0000-0000',
    taken: async () => sim.calls.map(({ params }) => Object.values(params).join('\n')),
    begun: () => sim.requests.length,
    connections: sim.connections,
    secrets: [KEY.accessKeySecret],
    lines,
    hurt: (trouble) => void sim.faults.add({ effect: TROUBLE[trouble] }),
    close: sim.close,
  }
}

const TROUBLE: Record<Trouble, VoiceFault> = {
  reset: { reset: 'before' },
  hang: { hang: true },
  html: { answer: { status: 502, contentType: 'text/html', body: '<html>Bad Gateway</html>' } },
  torn: { reset: 'body' },
  drip: { drip: 20 },
}
