/** Docker's masked paths: hidden by an empty read-only tmpfs or by /dev/null. */
export const maskedPaths: readonly string[] = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
]

/** Docker's read-only paths. */
export const readOnlyPaths: readonly string[] = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys',
  '/proc/sysrq-trigger',
]

/** Character devices of every container: name, major, minor. */
export const devices: readonly (readonly [string, number, number])[] = [
  ['null', 1, 3],
  ['zero', 1, 5],
  ['full', 1, 7],
  ['random', 1, 8],
  ['urandom', 1, 9],
  ['tty', 5, 0],
]

/** Those that BuildKit adds for `--security=insecure`: character devices, name, major, minor. */
export const privilegedDevices: readonly (readonly [string, number, number])[] = [
  ['kmsg', 1, 11],
  ['cuse', 10, 203],
  ['fuse', 10, 229],
  ['kvm', 10, 232],
  ['net/tun', 10, 200],
  ['loop-control', 10, 237],
]

/** And block devices, `/dev/loop0` upward. */
export const loopDevices = { major: 7, count: 8 }

export const deviceLinks: readonly (readonly [string, string])[] = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
  ['ptmx', 'pts/ptmx'],
  ['core', '/proc/kcore'],
]

/** Directories that are mount points in every root, made as stubs where an image lacks them. */
export const systemMountPoints: readonly string[] = ['/proc', '/sys', '/dev']
