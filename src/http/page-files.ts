import { readdir, readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { FastifyInstance } from 'fastify'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Serves a page's file as it is when the service starts. @param cache how browsers may keep it; absent: as all answers are */
export async function serveFile(
  app: FastifyInstance,
  path: string,
  file: URL | string,
  cache?: string,
): Promise<void> {
  const type = TYPES[extname(file instanceof URL ? file.pathname : file)]!
  const content = await readFile(file)
  app.get(path, async (_request, reply) => {
    if (cache !== undefined) reply.header('cache-control', cache)
    return reply.type(type).send(content)
  })
}

/** Serves what lies in a folder of pages, and nothing else, below `prefix`. @param page with `index.html`, at the prefix itself */
export async function serveFolder(
  app: FastifyInstance,
  prefix: string,
  folder: URL,
  { page, cache }: { page: boolean; cache?: string },
): Promise<void> {
  for (const name of await readdir(folder)) {
    const isPage = name === 'index.html'
    if (!(extname(name) in TYPES) || (isPage && !page)) continue
    await serveFile(app, isPage ? prefix : `${prefix}${name}`, new URL(name, folder), cache)
  }
}
