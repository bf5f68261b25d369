import type { App } from '../app.ts'
import { faultText } from '../config/fault-text.ts'
import { loadConfigApart } from '../config/load-apart.ts'
import { secretsOf } from '../config/secrets.ts'
import type { Logger, Redactor } from '../log.ts'

/** Reads the configuration again. With a fault in it nothing changes; else it is taken as a whole. Never throws. */
export async function reload(
  file: string,
  app: Pick<App, 'adopt'>,
  log: Logger,
  secrets: Pick<Redactor, 'add'>,
): Promise<void> {
  const told = log.child({ part: 'configuration' })
  const loaded = await loadConfigApart(file)
  if (!loaded.ok) {
    for (const fault of loaded.faults) told.error(faultText(file, fault))
    told.error(
      { faults: loaded.faults.length },
      'the configuration was not taken; the one before still holds',
    )
    return
  }
  secrets.add(secretsOf(loaded.config))
  for (const warning of loaded.warnings) told.warn(faultText(file, warning))
  const { rooms, people, breakers, actuation } = loaded.config
  for (const key of app.adopt(loaded.config)) told.warn({ key }, `${key} has changed: that needs a restart`)
  const counts = { rooms: rooms.length, people: people.length, breakers: breakers.length }
  told.info({ ...counts, actuation }, 'the configuration was taken')
}
