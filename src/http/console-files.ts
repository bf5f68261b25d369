import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { serveFile, serveFolder } from './page-files.ts'

const FOLDERS = {
  page: new URL('../pages/console/', import.meta.url),
  kit: new URL('../pages/kit/', import.meta.url),
}
/** Asked for anew each time: a page and its parts are of one version. */
const CACHE = 'no-cache'

/** The page itself, which knows nothing: what it shows it asks the API for. */
export const consolePage = (): Promise<string> => readFile(new URL('index.html', FOLDERS.page), 'utf8')

/** What the page is made of, the same for everybody: it holds nothing of what the service knows. */
export async function consoleFiles(app: FastifyInstance): Promise<void> {
  for (const [prefix, folder] of Object.entries(FOLDERS))
    await serveFolder(app, `/console/${prefix}/`, folder, { page: false, cache: CACHE })
  const charts = dirname(createRequire(import.meta.url).resolve('chart.js'))
  await serveFile(app, '/console/chart.js', join(charts, 'chart.umd.min.js'), CACHE)
}
