/**
 * What Docker's default seccomp profile refuses to a process with Docker's default capabilities, as system call
 * numbers (Linux 6.x headers). Everything else up to `last` is allowed, newer calls answer ENOSYS. `clone`, `socket`
 * and `personality` are decided by their arguments, `clone3` answers ENOSYS so that libc falls back to `clone`.
 */
export type SeccompTable = {
  readonly name: 'x64' | 'i386' | 'arm64'
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number
  readonly last: number
  readonly denied: readonly number[]
  readonly clone: number
  readonly clone3: number
  readonly socket: number
  readonly personality: number
}

/** Same numbers everywhere since Linux 5.1: io_uring, the mount API, pidfd_getfd, process_madvise, lsm_*, … */
const common: readonly number[] = [
  425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 440, 442, 443, 450, 459, 460, 461,
]

const last = 466

const x64: SeccompTable = {
  name: 'x64',
  audit: 0xc000003e,
  last,
  // biome-ignore format: one table
  denied: [103, 134, 136, 139, 153, 155, 156, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176,
    177, 178, 179, 180, 181, 182, 183, 184, 185, 212, 227, 236, 237, 238, 239, 246, 248, 249, 250, 256, 272, 279, 298,
    300, 304, 308, 312, 313, 320, 321, 323, ...common],
  clone: 56,
  clone3: 435,
  socket: 41,
  personality: 135,
}

const i386: SeccompTable = {
  name: 'i386',
  audit: 0x40000003,
  last,
  // biome-ignore format: one table
  denied: [17, 18, 21, 22, 25, 28, 31, 32, 34, 35, 44, 48, 51, 52, 53, 56, 58, 59, 62, 67, 68, 69, 72, 73, 74, 79, 84,
    86, 87, 88, 89, 98, 101, 103, 109, 110, 111, 112, 113, 115, 121, 127, 128, 129, 130, 131, 134, 135, 137, 149, 166,
    167, 169, 188, 189, 217, 253, 264, 273, 274, 275, 276, 283, 286, 287, 288, 294, 310, 317, 336, 338, 342, 346, 349,
    350, 357, 374, 404, ...common],
  clone: 120,
  clone3: 435,
  socket: 359,
  personality: 136,
}

const arm64: SeccompTable = {
  name: 'arm64',
  audit: 0xc00000b7,
  last,
  // biome-ignore format: one table
  denied: [18, 39, 40, 41, 42, 58, 60, 89, 97, 104, 105, 106, 112, 116, 142, 161, 162, 170, 217, 218, 219, 224, 225,
    235, 236, 237, 238, 239, 241, 262, 265, 268, 272, 273, 280, 282, 294, ...common],
  clone: 220,
  clone3: 435,
  socket: 198,
  personality: 92,
}

/** Tables of an architecture in Node's naming, native one first; undefined when it is not known. */
export function seccompTables(arch: string): readonly SeccompTable[] | undefined {
  // 32-bit ARM on arm64 is left out: its calls answer ENOSYS. So do x32's, which no distribution enables.
  return arch === 'x64' ? [x64, i386] : arch === 'arm64' ? [arm64] : undefined
}
