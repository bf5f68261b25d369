import type { Report } from '../domain/report.ts'
import type { DeviceStatus } from '../thingboot/status.ts'

/** What the cloud says of a device, in the form of a state report. */
export function reportOf(status: DeviceStatus, id: string): Report {
  const { device, at, positions, readings } = status
  return {
    id,
    device,
    kind: status.online === false ? 'offline' : 'state',
    at,
    positions,
    readings,
    asked: true,
    ...(status.online && { online: true }),
  }
}
