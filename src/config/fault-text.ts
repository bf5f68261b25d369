import type { ConfigFault } from './faults.ts'

/** `breakerbot.yaml:12 breakers[0].ratedCurrnt is not a known key; did you mean «ratedCurrent»?` */
export function faultText(file: string, fault: ConfigFault): string {
  return `${file}${fault.line === undefined ? '' : `:${fault.line}`} ${fault.path} ${fault.problem}`
}
