import { defineConfig } from 'vitest/config'

/** The browser's tests: they need Chromium, so `scripts/browser-tests.ts` starts them. */
export default defineConfig({
  test: {
    name: 'e2e',
    include: ['test/e2e/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
})
