import { mkdirSync, writeFileSync } from 'node:fs'
import { Fault } from '../../../base/index.ts'
import { perlEnter } from './perl-enter.ts'
import { type RunningSandbox, type SandboxIo, startLauncher } from './supervise.ts'
import type { SandboxProcess } from './types.ts'
import { workspacePaths } from './workspace.ts'

const perl = '/usr/bin/perl'

/**
 * Starts a command inside a running sandbox.
 * @param enter `workspace` is an empty private directory for as long as the command runs
 * @throws Fault SANDBOX_SETUP_FAILED, e.g. when the sandbox has just ended
 */
export function enterSandbox(
  enter: { readonly pid: number; readonly workspace: string; readonly process: SandboxProcess },
  io: SandboxIo,
): Promise<RunningSandbox> {
  const command = perlEnter(perl, enter, process.pid)
  if (!command)
    throw new Fault('EXEC_UNAVAILABLE', `commands cannot enter a container on ${process.arch}`)
  mkdirSync(enter.workspace, { recursive: true })
  writeFileSync(workspacePaths(enter.workspace).launcher, '')
  return startLauncher(command, io)
}
