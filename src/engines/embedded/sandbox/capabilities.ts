import { readFileSync } from 'node:fs'
import { Fault } from '../../../base/index.ts'

/**
 * Docker's default capabilities (containerd `pkg/oci/spec.go`) by number, capabilities(7). They fill the bounding,
 * effective and permitted sets; inheritable stays empty (CVE-2022-24769).
 */
export const dockerCapabilities: Readonly<Record<string, number>> = {
  CAP_CHOWN: 0,
  CAP_DAC_OVERRIDE: 1,
  CAP_FOWNER: 3,
  CAP_FSETID: 4,
  CAP_KILL: 5,
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_SETPCAP: 8,
  CAP_NET_BIND_SERVICE: 10,
  CAP_NET_RAW: 13,
  CAP_SYS_CHROOT: 18,
  CAP_MKNOD: 27,
  CAP_AUDIT_WRITE: 29,
  CAP_SETFCAP: 31,
}

/** The other capabilities, which only `--cap-add` gives (linux/capability.h). */
const moreCapabilities: Readonly<Record<string, number>> = {
  CAP_DAC_READ_SEARCH: 2,
  CAP_LINUX_IMMUTABLE: 9,
  CAP_NET_BROADCAST: 11,
  CAP_NET_ADMIN: 12,
  CAP_IPC_LOCK: 14,
  CAP_IPC_OWNER: 15,
  CAP_SYS_MODULE: 16,
  CAP_SYS_RAWIO: 17,
  CAP_SYS_PTRACE: 19,
  CAP_SYS_PACCT: 20,
  CAP_SYS_ADMIN: 21,
  CAP_SYS_BOOT: 22,
  CAP_SYS_NICE: 23,
  CAP_SYS_RESOURCE: 24,
  CAP_SYS_TIME: 25,
  CAP_SYS_TTY_CONFIG: 26,
  CAP_LEASE: 28,
  CAP_AUDIT_CONTROL: 30,
  CAP_MAC_OVERRIDE: 32,
  CAP_MAC_ADMIN: 33,
  CAP_SYSLOG: 34,
  CAP_WAKE_ALARM: 35,
  CAP_BLOCK_SUSPEND: 36,
  CAP_AUDIT_READ: 37,
  CAP_PERFMON: 38,
  CAP_BPF: 39,
  CAP_CHECKPOINT_RESTORE: 40,
}

const known: Readonly<Record<string, number>> = { ...dockerCapabilities, ...moreCapabilities }

/** Names of what a process of a sandbox may have. */
export function capabilitiesOf({
  capabilities,
}: {
  readonly capabilities?: readonly string[]
}): readonly string[] {
  return capabilities ?? Object.keys(dockerCapabilities)
}

/** The set as the kernel writes it in /proc/PID/status. */
export function capabilityMask(names: readonly string[]): bigint {
  return names.reduce((mask, name) => mask | (1n << BigInt(known[name] ?? 0)), 0n)
}

/**
 * Docker's default set with `--cap-add` and `--cap-drop` applied: `NET_ADMIN`, `cap_net_admin` or `ALL`.
 * @throws Fault CAPABILITY_UNKNOWN
 */
export function chooseCapabilities(
  add: readonly string[],
  drop: readonly string[],
): readonly string[] {
  const [added, dropped] = [add, drop].map((list) => list.map(fullName))
  const everything = added?.includes('ALL') ? Object.keys(known) : []
  const first = dropped?.includes('ALL') ? [] : Object.keys(dockerCapabilities)
  const kept = [...first, ...everything].filter((name) => !dropped?.includes(name))
  return [...new Set([...kept, ...(added ?? []).filter((name) => name !== 'ALL')])]
}

/** All that this process may hand on: what `--security=insecure` gives. */
export function everyCapability(): readonly string[] {
  const status = readFileSync('/proc/self/status', 'utf8')
  const permitted = BigInt(`0x${/^CapPrm:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`)
  return Object.keys(known).filter((name) => (permitted & capabilityMask([name])) !== 0n)
}

function fullName(text: string): string {
  const upper = text.toUpperCase()
  if (upper === 'ALL') return upper
  const name = upper.startsWith('CAP_') ? upper : `CAP_${upper}`
  if (Object.hasOwn(known, name)) return name
  throw new Fault('CAPABILITY_UNKNOWN', `unknown capability ${JSON.stringify(text)}`, {
    kind: 'invalid',
    hint: 'names as in capabilities(7), with or without CAP_, or ALL',
  })
}

/** Highest number a kernel may know; dropping an unknown one fails with EINVAL and is ignored. */
export const lastCapability = 63
