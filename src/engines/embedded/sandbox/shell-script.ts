import type { Overlay, Sandbox, SandboxNetwork } from './types.ts'
import { overlayOptions, workspacePaths } from './workspace.ts'

/** A word for sh(1), whatever it holds. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

export function words(...list: readonly string[]): string {
  return list.map(quote).join(' ')
}

/** A command that must succeed; `what` goes to descriptor 4 when it does not. */
export function must(what: string, command: string): string {
  return `${command} || fail ${quote(what)}`
}

/** Start of every script: how a failure is reported (the same words as the Perl launcher's). */
export const preamble = `set -u
umask 0
fail() { echo "fail 0 $1" >&4; exit 125; }`

/** Overlays and private files, mounted in the script's own mount namespace. Bytes come with the script, never by disk. */
export function mountSources(sandbox: Sandbox): string[] {
  const paths = workspacePaths(sandbox.workspace)
  const stack = (overlay: Overlay, name: string, target: string): string[] => [
    must('enter the workspace', `cd ${quote(paths.links)}`),
    must(
      `mount ${name}`,
      // mount(2): fsconfig(2), which a newer libmount prefers, has room for 256 bytes only.
      `LIBMOUNT_FORCE_MOUNT2=always mount -t overlay -o ${quote(overlayOptions(overlay, name))} overlay ${quote(target)}`,
    ),
  ]
  const files = sandbox.mounts.flatMap((mount, at) => {
    if (mount.type !== 'file') return []
    const path = quote(`${paths.files}/${at}`)
    const base64 = Buffer.from(mount.bytes).toString('base64')
    return [
      must('write a file', `printf %s ${quote(base64)} | base64 -d > ${path}`),
      must('write a file', `chown ${mount.uid}:${mount.gid} ${path}`),
      must('write a file', `chmod ${mount.mode.toString(8)} ${path}`),
    ]
  })
  const tmpfs = `mount -t tmpfs -o nosuid,nodev,mode=0700 tmpfs ${quote(paths.files)}`
  return [
    ...stack(sandbox.root, 'root', paths.root),
    ...sandbox.views.flatMap((view, at) => stack(view, `view${at}`, paths.view(at))),
    ...(files.length > 0 ? [must('mount private files', tmpfs)] : []),
    ...files,
  ]
}

/** Host path of what a bind or file mount shows. */
export function sourceOf(sandbox: Sandbox, at: number): string {
  const paths = workspacePaths(sandbox.workspace)
  const mount = sandbox.mounts[at]
  if (mount?.type !== 'bind') return `${paths.files}/${at}`
  const { source } = mount
  return typeof source === 'string' ? source : paths.view(source.view) + source.path
}

/** Words before a command that is to run in the network of another sandbox. */
export function joinNetwork(network: SandboxNetwork): string[] {
  return network.kind === 'join' ? ['nsenter', `--net=/proc/${network.pid}/ns/net`, '--'] : []
}

/** Loopback, the address, and Docker's two settings, inside a network namespace that is new. */
export function setUpNetwork(network: SandboxNetwork): string[] {
  if (network.kind === 'host' || network.kind === 'join') return []
  const up = must('bring loopback up (is iproute2 installed?)', 'ip link set lo up')
  if (network.kind === 'none') return [up]
  // /proc is the host's, but /proc/sys/net shows the network of whoever looks.
  const setting = (name: string, value: string): string =>
    `{ echo ${quote(value)} > /proc/sys/net/ipv4/${name}; } 2>/dev/null || :`
  return [
    up,
    must('give the address', `ip addr add ${quote(`${network.address}/32`)} dev lo`),
    setting('ip_unprivileged_port_start', '0'),
    setting('ping_group_range', '0 2147483647'),
  ]
}
