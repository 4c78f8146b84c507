import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isFault } from '../../../base/index.ts'
import { kernelAtLeast } from './kernel.ts'
import type { IsolationName, Launcher } from './ladder.ts'
import { allLaunchers } from './launchers.ts'
import type { Sandbox } from './types.ts'
import { prepareWorkspace } from './workspace.ts'

export type IsolationProbe = {
  readonly name: IsolationName
  readonly usable: boolean
  /** Why it is not usable. */
  readonly reason: string | null
  readonly seccomp: boolean
}

/**
 * Tries every launcher for `doctor`: a sandbox over an empty root, whose command cannot exist. A launcher that comes as
 * far as that has made everything else.
 * @param dir directory on the file system of the store; left as it was
 */
export async function probeIsolation(dir: string): Promise<readonly IsolationProbe[]> {
  const probes: IsolationProbe[] = []
  for (const launcher of allLaunchers()) {
    const reason = launcher.obstacle() ?? (await attempt(launcher, dir))
    probes.push({ name: launcher.name, usable: reason === null, reason, seccomp: launcher.seccomp })
  }
  return probes
}

async function attempt(launcher: Launcher, dir: string): Promise<string | null> {
  const folder = mkdtempSync(join(dir, 'probe-'))
  try {
    const sandbox = emptySandbox(folder)
    prepareWorkspace(sandbox)
    const running = await launcher.start(sandbox, { stdin: 'ignore', output: () => {} })
    await running.ended
    return null
  } catch (error) {
    if (isFault(error)) return error.message
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function emptySandbox(folder: string): Sandbox {
  const at = (name: string): string => {
    const path = join(folder, name)
    mkdirSync(path)
    return path
  }
  return {
    workspace: at('sandbox'),
    root: {
      lowers: [at('lower')],
      upper: { upper: at('upper'), work: at('work') },
      volatile: kernelAtLeast(5, 10),
    },
    views: [],
    mounts: [],
    hostname: 'probe',
    network: { kind: 'host' },
    process: {
      argv: ['/none'],
      env: [],
      cwd: '/',
      user: { uid: 0, gid: 0, groups: [] },
      terminal: false,
    },
  }
}
