import type { SeccompTable } from './seccomp-table.ts'

/**
 * What Docker's default profile allows together with a capability that is not among Docker's own (moby
 * `profiles/seccomp/default.json`, rules with `includes.caps`), by name.
 */
const callsOf: Readonly<Record<string, readonly string[]>> = {
  CAP_DAC_READ_SEARCH: ['open_by_handle_at'],
  // biome-ignore format: one list
  CAP_SYS_ADMIN: ['bpf', 'fanotify_init', 'fsconfig', 'fsmount', 'fsopen', 'fspick', 'lookup_dcookie', 'mount',
    'mount_setattr', 'move_mount', 'open_tree', 'perf_event_open', 'quotactl', 'quotactl_fd', 'setdomainname',
    'sethostname', 'setns', 'syslog', 'umount', 'umount2', 'unshare'],
  CAP_SYS_BOOT: ['reboot'],
  CAP_SYS_MODULE: ['delete_module', 'init_module', 'finit_module'],
  CAP_SYS_PACCT: ['acct'],
  CAP_SYS_PTRACE: ['kcmp', 'pidfd_getfd', 'process_madvise'],
  CAP_SYS_RAWIO: ['iopl', 'ioperm'],
  CAP_SYS_TIME: ['settimeofday', 'stime', 'clock_settime', 'clock_settime64'],
  CAP_SYS_TTY_CONFIG: ['vhangup'],
  CAP_SYS_NICE: ['get_mempolicy', 'mbind', 'set_mempolicy', 'set_mempolicy_home_node'],
  CAP_SYSLOG: ['syslog'],
  CAP_BPF: ['bpf'],
  CAP_PERFMON: ['perf_event_open'],
}

/** Their numbers (Linux 6.x headers); null where an architecture has no such call. */
// biome-ignore format: one table
const numbers: Readonly<Record<string, readonly [x64: number | null, i386: number | null, arm64: number | null]>> = {
  acct: [163, 51, 89], bpf: [321, 357, 280], clock_settime: [227, 264, 112], clock_settime64: [null, 404, null],
  delete_module: [176, 129, 106], fanotify_init: [300, 338, 262], finit_module: [313, 350, 273],
  fsconfig: [431, 431, 431], fsmount: [432, 432, 432], fsopen: [430, 430, 430], fspick: [433, 433, 433],
  get_mempolicy: [239, 275, 236], init_module: [175, 128, 105], ioperm: [173, 101, null], iopl: [172, 110, null],
  kcmp: [312, 349, 272], lookup_dcookie: [212, 253, 18], mbind: [237, 274, 235], mount: [165, 21, 40],
  mount_setattr: [442, 442, 442], move_mount: [429, 429, 429], open_by_handle_at: [304, 342, 265],
  open_tree: [428, 428, 428], perf_event_open: [298, 336, 241], pidfd_getfd: [438, 438, 438],
  process_madvise: [440, 440, 440], quotactl: [179, 131, 60], quotactl_fd: [443, 443, 443], reboot: [169, 88, 142],
  set_mempolicy: [238, 276, 237], set_mempolicy_home_node: [450, 450, 450], setdomainname: [171, 121, 162],
  sethostname: [170, 74, 161], setns: [308, 346, 268], settimeofday: [164, 79, 170], stime: [null, 25, null],
  syslog: [103, 103, 116], umount: [null, 22, null], umount2: [166, 52, 39], unshare: [272, 310, 97],
  vhangup: [153, 111, 58],
}

const columns = { x64: 0, i386: 1, arm64: 2 } as const

/** Names of the calls that these capabilities open. */
export function openedCalls(capabilities: readonly string[]): ReadonlySet<string> {
  return new Set(capabilities.flatMap((name) => callsOf[name] ?? []))
}

/** `clone` may make namespaces then, and `clone3` is no longer hidden. */
export function mayMakeNamespaces(capabilities: readonly string[]): boolean {
  return capabilities.includes('CAP_SYS_ADMIN')
}

/** The numbers that a table still refuses to a process with these capabilities. */
export function refusedCalls(
  table: Pick<SeccompTable, 'name' | 'denied'>,
  capabilities: readonly string[],
): ReadonlySet<number> {
  const opened = [...openedCalls(capabilities)].map((name) => numbers[name]?.[columns[table.name]])
  return new Set(table.denied.filter((number) => !opened.includes(number)))
}
