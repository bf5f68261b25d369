import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Runs the browser's tests, with Debian's Chromium fetched first where it is missing and may be. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const INSTALL = 'apt-get update && apt-get install -y --no-install-recommends chromium fonts-wqy-microhei'

if (!existsSync(CHROMIUM) && !install()) {
  console.error(
    `There is no ${CHROMIUM}. On Debian run «sudo sh -c '${INSTALL}'», or name a Chromium by CHROMIUM=/path/to/chromium.`,
  )
  process.exit(1)
}

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const args = [vitest, 'run', '--config', 'vitest.e2e.config.ts', ...process.argv.slice(2)]
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, CHROMIUM } })
process.exit(status ?? 1)

/** True if Chromium is there afterwards; only tried where it can work: as root, with apt. */
function install(): boolean {
  if (process.env.CHROMIUM !== undefined || process.getuid?.() !== 0) return false
  console.error('Installing Chromium for the browser tests …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('sh', ['-c', INSTALL], { stdio: ['ignore', 'ignore', 'inherit'], env })
  return existsSync(CHROMIUM)
}
