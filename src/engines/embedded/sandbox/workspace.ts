import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Overlay, Sandbox, SandboxMount, SandboxProcess } from './types.ts'

/** Where things lie in the workspace of one run. Nothing of it is mounted in the host's mount namespace. */
export function workspacePaths(workspace: string): {
  readonly links: string
  readonly root: string
  readonly files: string
  readonly launcher: string
  readonly empty: string
  readonly view: (at: number) => string
} {
  return {
    links: join(workspace, 'l'),
    root: join(workspace, 'root'),
    files: join(workspace, 'files'),
    launcher: join(workspace, 'launcher'),
    empty: join(workspace, 'empty'),
    view: (at) => join(workspace, `view${at}`),
  }
}

/** Makes the mount points, and the links that keep overlay's option string short and free of `:` and `,`. */
export function prepareWorkspace(sandbox: Sandbox): void {
  const paths = workspacePaths(sandbox.workspace)
  for (const dir of [paths.links, paths.root, paths.files, paths.empty]) mkdirSync(dir)
  writeFileSync(paths.launcher, '')
  linkOverlay(paths, sandbox.root, 'root')
  sandbox.views.forEach((view, at) => {
    mkdirSync(paths.view(at))
    linkOverlay(paths, view, `view${at}`)
  })
}

/** After a launcher that failed: a volatile overlay marks its work directory, and is not mounted over the mark again. */
export function clearWorkDirectories(sandbox: Sandbox): void {
  for (const { upper } of [sandbox.root, ...sandbox.views]) {
    if (!upper) continue
    rmSync(upper.work, { recursive: true, force: true })
    mkdirSync(upper.work, { mode: 0o700 })
  }
}

function linkOverlay(
  paths: ReturnType<typeof workspacePaths>,
  overlay: Overlay,
  name: string,
): void {
  const prefix = linkPrefix(name)
  stackOf(overlay, paths.empty).forEach((lower, at) => {
    symlinkSync(lower, join(paths.links, `${prefix}${at.toString(36)}`))
  })
  if (!overlay.upper) return
  symlinkSync(overlay.upper.upper, join(paths.links, `${prefix}_u`))
  symlinkSync(overlay.upper.work, join(paths.links, `${prefix}_w`))
}

/** Overlay wants two lower directories when there is no upper one, and one in any case. */
function stackOf({ lowers, upper }: Overlay, empty: string): readonly string[] {
  const wanted = upper ? 1 : 2
  return [...Array<string>(Math.max(0, wanted - lowers.length)).fill(empty), ...lowers]
}

function linkPrefix(name: string): string {
  return name === 'root' ? '' : `${name.slice('view'.length)}-`
}

/**
 * Options of mount(2), relative to the folder of links. One page holds about 1,300 layers, more than overlayfs takes.
 * `redirect_dir`, `metacopy` and `index` are off so that an upper directory is a complete layer by itself.
 */
export function overlayOptions(overlay: Overlay, name: string): string {
  const prefix = linkPrefix(name)
  const count = stackOf(overlay, '').length
  // Overlay lists the topmost directory first.
  const lower = Array.from({ length: count }, (_, at) => prefix + (count - 1 - at).toString(36))
  const upper = overlay.upper ? [`upperdir=${prefix}_u`, `workdir=${prefix}_w`] : []
  const safe = ['redirect_dir=off', 'metacopy=off', 'index=off']
  const volatile = overlay.upper && overlay.volatile ? ['volatile'] : []
  return [`lowerdir=${lower.join(':')}`, ...upper, ...safe, ...volatile].join(',')
}

/** Where exec looks for a program: its own path, or each directory of the container's PATH. */
export function candidatePaths({ argv, env }: SandboxProcess): readonly string[] {
  const program = argv[0] ?? ''
  if (program.includes('/')) return [program]
  const path = env.findLast((entry) => entry.startsWith('PATH='))?.slice('PATH='.length) ?? ''
  return path.split(':').map((dir) => `${dir === '' ? '.' : dir}/${program}`)
}

/** Options of `/dev/shm` but for its flags. */
export function shmOptions({
  shmSize = 64 * 1024 * 1024,
}: {
  readonly shmSize?: number
}): readonly string[] {
  return ['mode=1777', `size=${shmSize}`]
}

/** Options of a tmpfs but for its flags. */
export function tmpfsOptions({ size, mode }: Extract<SandboxMount, { type: 'tmpfs' }>): string {
  return `mode=${(mode ?? 0o1777).toString(8)}${size === null ? '' : `,size=${size}`}`
}
