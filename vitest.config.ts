import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// The store's threads, of which tests start hundreds, load in half the time.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'breakerbot-compile-cache')

/** Wide, for it only ends what hangs: what waits for something in vain says so itself, and sooner. */
const TIMEOUT = { testTimeout: 60_000, hookTimeout: 60_000 }

/**
 * Many go by the machine's own clock, and where nobody watches it may be busy. One that needs a second try is reported.
 */
const SECOND_TRY = { retry: process.env.CI ? 1 : 0 }

/**
 * `unit` needs no socket and runs in seconds; `loopback` opens servers on 127.0.0.1 and runs the
 * real clients, adapters and the whole program against the simulators: mostly waiting, so more of it runs at a time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.loopback.test.ts', 'test/e2e/**'],
          ...SECOND_TRY,
          ...TIMEOUT,
        },
      },
      {
        test: {
          name: 'loopback',
          include: ['test/**/*.loopback.test.ts'],
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
          ...SECOND_TRY,
          globalSetup: ['test/support/shared-redis.ts'],
          ...TIMEOUT,
        },
      },
    ],
  },
})
