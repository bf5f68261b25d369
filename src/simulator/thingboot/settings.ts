/** Bodies to exercise lenient parsers. All but the device's own messages inside are invented. */
export type PushShape =
  /** `{"type","device","mid"?,"ts","data"}`. */
  | 'plain'
  /** `{"message":"event","device":{"id"},"name","state":{…},"ts"}`. */
  | 'device-object'
  /** `{"topic":"event","device_id","ts","data":{"name","data":{…}}}`, as the device SDK nests events. */
  | 'data-data'
  /** `{"data":{the plain one}}`. */
  | 'wrapped'
  /** `{"message":{"data":{the plain one}}}`. */
  | 'wrapped-twice'
  /** `{"id","ts","data"}`, without a kind where the data's own name says it. */
  | 'no-type'
  /** Form fields, `data` as JSON text. */
  | 'form'
  /** One form field `message` with the plain one as JSON text. */
  | 'form-message'
  /** The plain one sent as `text/plain`. */
  | 'text'

/** May be changed at any time; takes effect from the next call or push. */
export interface SimSettings {
  /** ± s around the simulator's clock; default 300. */
  tsWindow: number
  /** HTTP status of refusals: always 200 (default), or 4xx by kind. */
  errorStatus: 200 | '4xx'
  /** An order to an offline device: code 200 and nothing more (default), refused with `offlineCode`, or done when it is back. */
  offlineOrders: 'silent' | 'refused' | 'queued'
  /** Invented; default 505. */
  offlineCode: number
  /** Default 502. */
  unknownDeviceCode: number
  /** Default 504. */
  unknownOrderCode: number
  /** Refuse a second command to a device within 1 s with `rateCode`; default true. */
  rateLimit: boolean
  /** Invented; default 5099. */
  rateCode: number
  /** ms (of `tick` or real time) from an order to its push; default 100. The contacts move half-way. */
  orderPushDelay: number
  /** Share of order pushes that get lost, 0–1, drawn with the seed; default 0. */
  orderPushLoss: number
  /** Real ms the cloud waits for the receiver; default 5000. */
  pushTimeout: number
  pushShape: PushShape
  /** How property values are spelled; default `strings`. `booleans` are numbers with true/false for contacts. */
  pushValues: 'strings' | 'numbers' | 'booleans'
  /** Default `ms`, a number; `…-text` in quotes. */
  pushTime: 'ms' | 's' | 'ms-text' | 's-text'
  /** s between metering reports of a device that has no `metering_interval` configured; default 60. */
  meteringInterval: number
}

export const DEFAULT_SETTINGS: SimSettings = {
  tsWindow: 300,
  errorStatus: 200,
  offlineOrders: 'silent',
  offlineCode: 505,
  unknownDeviceCode: 502,
  unknownOrderCode: 504,
  rateLimit: true,
  rateCode: 5099,
  orderPushDelay: 100,
  orderPushLoss: 0,
  pushTimeout: 5000,
  pushShape: 'plain',
  pushValues: 'strings',
  pushTime: 'ms',
  meteringInterval: 60,
}
