import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'

const FOLDERS = {
  page: new URL('../pages/console/', import.meta.url),
  kit: new URL('../pages/kit/', import.meta.url),
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** The page itself; who is signed in gets it. */
export const consolePage = (): Promise<string> => readFile(new URL('index.html', FOLDERS.page), 'utf8')

/** What the page is made of, the same for everybody: it holds nothing of what the service knows. */
export async function consoleFiles(app: FastifyInstance): Promise<void> {
  for (const [prefix, folder] of Object.entries(FOLDERS))
    for (const name of await readdir(folder)) {
      const type = TYPES[extname(name)]
      if (type) await serve(app, `/console/${prefix}/${name}`, new URL(name, folder), type)
    }
  const charts = dirname(createRequire(import.meta.url).resolve('chart.js'))
  await serve(app, '/console/chart.js', join(charts, 'chart.umd.min.js'), TYPES['.js']!)
}

async function serve(app: FastifyInstance, path: string, file: URL | string, type: string): Promise<void> {
  const content = await readFile(file)
  app.get(path, async (_request, reply) =>
    // Asked for anew each time: a page and its parts are of one version.
    reply.header('cache-control', 'no-cache').type(type).send(content),
  )
}
