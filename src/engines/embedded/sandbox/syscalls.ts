/** System call numbers that the launcher makes (asm/unistd.h). */
export type Syscalls = Readonly<
  Record<
    | 'capset'
    | 'chdir'
    | 'close_range'
    | 'execve'
    | 'fchown'
    | 'keyctl'
    | 'mknodat'
    | 'mount'
    | 'mount_setattr'
    | 'move_mount'
    | 'openat'
    | 'open_tree'
    | 'pivot_root'
    | 'prctl'
    | 'prlimit64'
    | 'recvmsg'
    | 'sendmsg'
    | 'setgroups'
    | 'sethostname'
    | 'setns'
    | 'setresgid'
    | 'setresuid'
    | 'setsid'
    | 'umount2'
    | 'unshare',
    number
  >
>

// Every architecture has the same numbers for what came after Linux 5.1.
const recent = { close_range: 436, mount_setattr: 442, move_mount: 429, open_tree: 428 }

const x64: Syscalls = {
  ...recent,
  capset: 126,
  chdir: 80,
  execve: 59,
  fchown: 93,
  keyctl: 250,
  mknodat: 259,
  mount: 165,
  openat: 257,
  pivot_root: 155,
  prctl: 157,
  prlimit64: 302,
  recvmsg: 47,
  sendmsg: 46,
  setgroups: 116,
  sethostname: 170,
  setns: 308,
  setresgid: 119,
  setresuid: 117,
  setsid: 112,
  umount2: 166,
  unshare: 272,
}

const arm64: Syscalls = {
  ...recent,
  capset: 91,
  chdir: 49,
  execve: 221,
  fchown: 55,
  keyctl: 219,
  mknodat: 33,
  mount: 40,
  openat: 56,
  pivot_root: 41,
  prctl: 167,
  prlimit64: 261,
  recvmsg: 212,
  sendmsg: 211,
  setgroups: 159,
  sethostname: 161,
  setns: 268,
  setresgid: 149,
  setresuid: 147,
  setsid: 157,
  umount2: 39,
  unshare: 97,
}

/** The numbers of an architecture in Node's naming, undefined when it is not known. */
export function syscallsOf(arch: string): Syscalls | undefined {
  return arch === 'x64' ? x64 : arch === 'arm64' ? arm64 : undefined
}
