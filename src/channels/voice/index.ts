import { createHash } from 'node:crypto'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import RpcClient from '@alicloud/pop-core'
import type { Log } from '../../domain/log.ts'
import { dialled } from '../../domain/way.ts'
import { createOneWay } from '../kit/one-way.ts'
import type { Handed, Notice, Way } from '../way.ts'
import { handedOf, settled } from './outcome.ts'
import { spoken, type VoiceParams } from './params.ts'

export interface VoiceOptions {
  accessKeyId: string
  accessKeySecret: string
  /** The text-to-speech template, `TTS_…`. */
  ttsCode: string
  /** Left out for the public mode, in which Aliyun chooses the caller's number. */
  calledShowNumber?: string | undefined
  /** A host, or an address with http:// or https://. */
  endpoint: string
  /** The template's variables, and the fact that each is filled with. */
  params: VoiceParams
  /** Characters of one variable. */
  paramLength: number
  log: Log
  /** ms; tests shorten it. */
  within?: number
}

const API_VERSION = '2017-05-25'
const WITHIN = 10_000

/** Telephone calls by Aliyun's voice service (`SingleCallByTts`). `to` is a phone number. */
export function createVoiceWay(options: VoiceOptions): Way {
  const { accessKeyId, accessKeySecret, ttsCode, calledShowNumber, log, within = WITHIN } = options
  const endpoint = addressOf(options.endpoint)
  const client = new RpcClient({ endpoint, apiVersion: API_VERSION, accessKeyId, accessKeySecret })

  async function send(to: string, notice: Notice, key: string, signal: AbortSignal): Promise<Handed> {
    const number = dialled(to)
    if (number === undefined)
      return { outcome: 'refused', why: 'that is no phone number: check people[].phone' }
    const request = {
      CalledNumber: number,
      TtsCode: ttsCode,
      TtsParam: JSON.stringify(spoken(notice, options.params, options.paramLength)),
      OutId: outId(key),
      ...(calledShowNumber !== undefined && { CalledShowNumber: calledShowNumber }),
    }
    const line = openLine(endpoint)
    try {
      return settled(
        await client.request<unknown>('SingleCallByTts', request, inTime(line.agent, within, signal)),
      )
    } catch (error) {
      return handedOf(error, line.wasOpen(), signal.aborted)
    } finally {
      line.agent.destroy()
    }
  }

  return createOneWay({ name: 'voice', send, secrets: [accessKeySecret], within, log })
}

/** By POST, so that number and signature stand in no address. The SDK's own time-outs end only some of its waits. */
const inTime = (agent: HttpAgent, within: number, signal: AbortSignal) => ({
  method: 'POST',
  agent,
  timeout: within,
  beforeRequest: (request: object) => ({ ...request, signal }),
})

const addressOf = (endpoint: string) => (/^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}`)

/** A connection for one call, and whether it stood: before that, nothing was asked for. */
function openLine(endpoint: string) {
  const isHttps = endpoint.startsWith('https:')
  const agent = isHttps ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false })
  const connect = agent.createConnection.bind(agent)
  let isOpen = false
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback)
    socket?.once(isHttps ? 'secureConnect' : 'connect', () => {
      isOpen = true
    })
    return socket
  }
  return { agent, wasOpen: () => isOpen }
}

/** Aliyun hands it back in its receipts; 15 bytes at most (documented). It does not keep a call from coming twice. */
const outId = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 15)
