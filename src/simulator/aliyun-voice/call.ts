import { randomUUID } from 'node:crypto'
import type { SimClock } from '../kit/clock.ts'
import { isObject, parseJson } from '../kit/json.ts'
import type { AliyunVoiceSimOptions, CallLimits, SimCall } from './api.ts'
import { Refusal } from './refusal.ts'

/** All as documented for SingleCallByTts. */
export const DOCUMENTED_LIMITS: CallLimits = { perMinute: 1, perHour: 5, perDay: 20 }
const PARAMS_BELOW = 250
const OUT_ID_BYTES = 15

const refuse = (code: string, message: string): never => {
  throw new Refusal(200, `isv.${code}`, message)
}

/** Takes calls as the voice service does: parameters, template, number, how often. */
export function createCalls(options: AliyunVoiceSimOptions, clock: SimClock) {
  const { templates, numbers = [] } = options
  const limits = { ...DOCUMENTED_LIMITS, ...options.limits }
  const calls: SimCall[] = []

  function take(params: Readonly<Record<string, string>>): SimCall {
    const {
      CalledNumber = '',
      CalledShowNumber: showNumber,
      TtsCode = '',
      TtsParam = '{}',
      OutId: outId,
    } = params
    if (!/^(?:1\d{10}|0\d{9,11}|[2-9]\d{6,14})$/.test(CalledNumber))
      refuse('MOBILE_NUMBER_ILLEGAL', '号码格式非法')
    if (showNumber !== undefined && !numbers.includes(showNumber))
      refuse('DISPLAY_NUMBER_ILLEGAL', '号显不合法')
    if (outId !== undefined && (outId === '' || Buffer.byteLength(outId) > OUT_ID_BYTES)) {
      refuse('INVALID_PARAMETERS', 'OutId: 1~15 bytes')
    }
    const names = Object.hasOwn(templates, TtsCode)
      ? templates[TtsCode]!
      : refuse('TTS_TEMPLATE_ILLEGAL', '模板不合法')
    const filled = fill(names, TtsParam)
    keepToLimits(CalledNumber)
    const call = {
      id: `${randomUUID()}^1`,
      at: clock.now(),
      number: CalledNumber,
      template: TtsCode,
      params: filled,
      ...(showNumber !== undefined && { showNumber }),
      ...(outId !== undefined && { outId }),
    }
    calls.push(call)
    return call
  }

  /** The texts name the span as those of Aliyun's SMS do (inferred for voice). */
  function keepToLimits(number: string): void {
    const within = (ms: number) =>
      calls.filter((call) => call.number === number && call.at > clock.now() - ms).length
    const over = (span: string, most: number) =>
      refuse('BUSINESS_LIMIT_CONTROL', `触发${span}级流控Permits:${most}`)
    if (within(60_000) >= limits.perMinute) over('分钟', limits.perMinute)
    if (within(3_600_000) >= limits.perHour) over('小时', limits.perHour)
    if (within(86_400_000) >= limits.perDay) over('天', limits.perDay)
  }

  return { calls, take }
}

function fill(names: readonly string[], text: string): Record<string, string> {
  const given = parseJson(text)
  if (!isObject(given) || Object.values(given).some((value) => typeof value !== 'string')) {
    return refuse('INVALID_JSON_PARAM', 'JSON参数不合法')
  }
  const values = Object.entries(given).map(([name, value]): [string, string] => [name, String(value)])
  const params = Object.fromEntries(values)
  if (names.some((name) => !params[name]?.trim()))
    refuse('TEMPLATE_MISSING_PARAMETERS', '文本转语音模板参数缺失')
  const all = values.map(([, value]) => value).join('')
  if (all.length >= PARAMS_BELOW) refuse('PARAM_LENGTH_LIMIT', '参数长度受限')
  if (/https?:\/\/|www\./i.test(all)) refuse('PARAM_NOT_SUPPORT_URL', '变量不支持URL参数')
  return params
}
