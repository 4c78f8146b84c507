import { mayMakeNamespaces, openedCalls } from './seccomp-caps.ts'

/** What Docker's default profile refuses, by name, for runtimes that bring libseccomp along. */
// biome-ignore format: one list
const denied: readonly string[] = ['syslog', 'uselib', 'ustat', 'sysfs', 'vhangup', 'pivot_root', '_sysctl', 'acct',
  'settimeofday', 'mount', 'umount', 'umount2', 'swapon', 'swapoff', 'reboot', 'sethostname', 'setdomainname', 'iopl',
  'ioperm', 'create_module', 'init_module', 'delete_module', 'get_kernel_syms', 'query_module', 'quotactl',
  'nfsservctl', 'getpmsg', 'putpmsg', 'afs_syscall', 'tuxcall', 'security', 'lookup_dcookie', 'clock_settime',
  'clock_settime64', 'stime', 'vserver', 'mbind', 'set_mempolicy', 'get_mempolicy', 'kexec_load', 'add_key',
  'request_key', 'keyctl', 'migrate_pages', 'unshare', 'move_pages', 'perf_event_open', 'fanotify_init',
  'open_by_handle_at', 'setns', 'kcmp', 'finit_module', 'kexec_file_load', 'bpf', 'userfaultfd', 'io_uring_setup',
  'io_uring_enter', 'io_uring_register', 'open_tree', 'move_mount', 'fsopen', 'fsconfig', 'fsmount', 'fspick',
  'pidfd_getfd', 'process_madvise', 'mount_setattr', 'quotactl_fd', 'set_mempolicy_home_node', 'vm86', 'vm86old',
  'lsm_get_self_attr', 'lsm_set_self_attr', 'lsm_list_modules']

const errno = { EPERM: 1, ENOSYS: 38 }
const namespaceFlags = [
  0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000,
]
const refusedFamilies = [38, 40] // AF_ALG, AF_VSOCK
/** Every bit of a personality but those of 0x8, 0x20000 and their sum, which Docker allows. */
const personalityBits = Array.from({ length: 31 }, (_, bit) => 2 ** bit).filter(
  (bit) => (bit & 0x20008) === 0,
)

/** `linux.seccomp` of the runtime configuration, for a process with these capabilities. Rules of one call are alternatives, so refusals are listed. */
export function runtimeSeccomp(capabilities: readonly string[]): unknown {
  const opened = openedCalls(capabilities)
  const namespaces = mayMakeNamespaces(capabilities)
  const refuse = (names: readonly string[], args?: readonly unknown[]): unknown => ({
    names,
    action: 'SCMP_ACT_ERRNO',
    errnoRet: errno.EPERM,
    ...(args ? { args } : {}),
  })
  const hasBit = (value: number): unknown => ({
    index: 0,
    value,
    valueTwo: value,
    op: 'SCMP_CMP_MASKED_EQ',
  })
  return {
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures:
      process.arch === 'arm64'
        ? ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM']
        : ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
    syscalls: [
      refuse(denied.filter((name) => !opened.has(name))),
      ...(namespaces
        ? []
        : [
            { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: errno.ENOSYS },
            ...namespaceFlags.map((flag) => refuse(['clone'], [hasBit(flag)])),
          ]),
      ...refusedFamilies.map((value) =>
        refuse(['socket'], [{ index: 0, value, op: 'SCMP_CMP_EQ' }]),
      ),
      ...personalityBits.map((bit) => refuse(['personality'], [hasBit(bit)])),
    ],
  }
}
