import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Session } from './session.ts'

export type DoctorFinding = {
  readonly name: string
  readonly ok: boolean
  readonly found: string
  /** The one command that would make it better, null when nothing is to be gained. */
  readonly unlock: string | null
}

/** What this machine allows. Nothing is changed; probes take milliseconds. */
export async function examine(session: Session): Promise<readonly DoctorFinding[]> {
  const path = session.settings.searchPath
  return [
    node(),
    user(),
    store(session.settings.root),
    overlay(),
    ...(await isolation(session)),
    await native(),
    program(path, 'mmdebstrap', 'stand-in bases can be made', 'apt-get install -y mmdebstrap'),
    program(path, 'zstd', 'zstd archives can be read', 'apt-get install -y zstd'),
    outbound(path),
    certificates(session.settings.ca),
  ]
}

/** Either program will do; the names are those of the Debian packages and of their commands. */
function outbound(path: string): DoctorFinding {
  const what = 'containers reach other machines'
  const pasta = program(path, 'pasta', what, 'apt-get install -y passt')
  const slirp = program(path, 'slirp4netns', what, 'apt-get install -y slirp4netns')
  return !pasta.ok && slirp.ok ? slirp : pasta
}

function node(): DoctorFinding {
  return { name: 'Node', ok: true, found: process.version, unlock: null }
}

function user(): DoctorFinding {
  const root = process.getuid?.() === 0
  return {
    name: 'user',
    ok: root,
    found: root ? 'root' : 'not root: RUN and run need root today',
    unlock: root ? null : 'sudo jettison …',
  }
}

function store(root: string): DoctorFinding {
  try {
    mkdirSync(root, { recursive: true })
    accessSync(root, constants.W_OK)
    return { name: 'store', ok: true, found: root, unlock: null }
  } catch {
    return {
      name: 'store',
      ok: false,
      found: `${root} cannot be written`,
      unlock: 'jettison --root DIR, or JETTISON_HOME=DIR',
    }
  }
}

function overlay(): DoctorFinding {
  const has = readFileSync('/proc/filesystems', 'utf8').includes('\toverlay')
  return {
    name: 'overlayfs',
    ok: has,
    found: has ? 'known to the kernel' : 'not loaded',
    unlock: has ? null : 'modprobe overlay',
  }
}

async function isolation(session: Session): Promise<readonly DoctorFinding[]> {
  const { probeIsolation } = await session.engine()
  return (await probeIsolation()).map(({ name, usable, reason, seccomp }) => ({
    name: `isolation ${name}`,
    ok: usable,
    found: usable
      ? `usable, ${seccomp ? "with Docker's seccomp profile" : 'without seccomp'}`
      : (reason ?? 'not usable'),
    unlock: null,
  }))
}

async function native(): Promise<DoctorFinding> {
  const found = await import('koffi').then(
    () => true,
    () => false,
  )
  return {
    name: 'native calls (koffi)',
    ok: found,
    found: found ? 'loaded' : 'absent: attributes and devices through other programs, slower',
    unlock: found ? null : 'npm install koffi',
  }
}

function program(path: string, name: string, use: string, install: string): DoctorFinding {
  const found = path
    .split(delimiter)
    .map((dir) => join(dir, name))
    .find((file) => existsSync(file))
  return {
    name,
    ok: found !== undefined,
    found: found ? `${found}: ${use}` : 'absent',
    unlock: found ? null : install,
  }
}

function certificates(ca: string | null): DoctorFinding {
  return {
    name: 'CA for RUN',
    ok: ca === null || existsSync(ca),
    found: ca === null ? 'none named: RUN sees the certificates of its image only' : ca,
    unlock:
      ca === null || existsSync(ca) ? null : `${ca} does not exist; name another with --ca FILE`,
  }
}
