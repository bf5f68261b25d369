import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Image } from './build.ts'

/** An image's files as a container sees them: nothing of them can be written but its volumes and /tmp. */
export interface Container {
  /** Starts a program in it, as the image's user and without any privilege. */
  start(command: string[], env?: Record<string, string>): ChildProcess
}

const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'inherit' })

/**
 * Mounts an image as `docker run --read-only --tmpfs /tmp -v …` would. For root, within a mount namespace of its own.
 * @param files laid into it to be read, by path
 */
export function openContainer(image: Image, files: Record<string, string>): Container {
  const { root, user, workdir } = image
  const at = (path: string) => join(root, path)
  for (const [path, text] of Object.entries(files)) writeFileSync(at(path), text)
  // The engine makes these, too.
  for (const folder of ['dev', 'proc', 'tmp']) mkdirSync(at(folder), { recursive: true })
  mount('--bind', root, root)
  mount('-o', 'remount,bind,ro', root)
  mount('--rbind', '/dev', at('dev'))
  mount('--bind', '/proc', at('proc'))
  mount('-t', 'tmpfs', '-o', 'mode=1777', 'tmpfs', at('tmp'))
  for (const volume of image.volumes) {
    // A fresh volume belongs to whom the folder in the image belongs to.
    const { uid, gid } = statSync(at(volume))
    mount('-t', 'tmpfs', '-o', `mode=755,uid=${uid},gid=${gid}`, 'tmpfs', at(volume))
  }
  const [uid = '0', gid = uid] = user.split(':')
  const inside = [`--root=${root}`, `--wd=${workdir}`, `--setuid=${uid}`, `--setgid=${gid}`]
  return {
    start: (command, env = {}) =>
      spawn('/usr/bin/setpriv', ['--no-new-privs', '/usr/bin/unshare', ...inside, ...command], {
        env: { ...image.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
  }
}
