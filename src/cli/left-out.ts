/** What Docker has and jettison has not, with what to do instead: an answer beats "unknown flag". */

const kernel = 'the container has the limits of -m, --cpus, --pids-limit and --ulimit'
const alone = 'each container is alone in its own namespaces; only --network host shares one'
const noDaemon = 'there is no daemon that would do it'
const logged = 'what a container writes is kept as it was written: jettison logs shows it'
const trust =
  'images are pinned by digest (NAME@sha256:…); content trust has been retired by Docker too'
const addressed = 'a container has the network own, host or none; publish ports with -p'
const layered = 'layers are kept as they are; jettison slim makes the image smaller'

const ofRun: Readonly<Record<string, string>> = {
  ...each(
    kernel,
    'blkio-weight blkio-weight-device cgroup-parent cpu-period cpu-quota cpu-rt-period',
  ),
  ...each(
    kernel,
    'cpu-rt-runtime cpu-shares cpuset-cpus cpuset-mems device-read-bps device-read-iops',
  ),
  ...each(
    kernel,
    'device-write-bps device-write-iops kernel-memory memory-reservation memory-swap',
  ),
  ...each(kernel, 'memory-swappiness oom-kill-disable oom-score-adj'),
  ...each(alone, 'cgroupns ipc pid userns uts volumes-from'),
  ...each(addressed, 'ip ip6 link link-local-ip mac-address network-alias'),
  ...each(logged, 'log-driver log-opt attach detach-keys'),
  ...each(trust, 'disable-content-trust'),
  ...each(
    'mount what the app needs with -v, or run it on the host',
    'device device-cgroup-rule gpus',
  ),
  ...each(
    'the default seccomp profile always applies; --cap-add opens what goes with a right',
    'security-opt',
  ),
  ...each('set it on this machine: --network host shares its kernel settings', 'sysctl'),
  ...each('name all groups in the image (usermod -aG), or use -u UID:GID', 'group-add'),
  ...each('write the whole name: --hostname NAME.DOMAIN', 'domainname'),
  ...each('jettison doctor lists launchers; --isolation NAME picks one', 'runtime'),
  ...each('a volume is a folder of the store', 'volume-driver storage-opt'),
  ...each('signals always reach the app', 'sig-proxy'),
}

const flags: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  run: ofRun,
  build: {
    ...each(
      'a RUN has the limits of --ulimit and --shm-size',
      'cgroup-parent cpu-period cpu-quota',
    ),
    ...each(
      'a RUN has the limits of --ulimit and --shm-size',
      'cpu-shares cpuset-cpus cpuset-mems',
    ),
    ...each('a RUN has the limits of --ulimit and --shm-size', 'memory memory-swap'),
    ...each(layered, 'squash'),
    ...each(
      'RUN --security=insecure with --allow security.insecure is how BuildKit has it',
      'security-opt',
    ),
    ...each(trust, 'disable-content-trust'),
  },
  rm: each('there are no links between containers', 'link'),
  push: {
    ...each(trust, 'disable-content-trust'),
    ...each('push each name: jettison images --filter reference=NAME lists them', 'all-tags'),
  },
  pull: {
    ...each(trust, 'disable-content-trust'),
    ...each('name each tag', 'all-tags'),
    ...each(
      "images are pulled for this machine's platform, the only one that runs here",
      'platform',
    ),
  },
  logs: each('there are no log drivers that would add details', 'details'),
  exec: {
    ...each(logged, 'detach-keys'),
    ...each('start a process of its own inside: exec CONTAINER sh -c "setsid COMMAND &"', 'detach'),
    ...each('name single rights when the container is made: run --cap-add', 'privileged'),
  },
  start: each(
    'it starts in the background; jettison logs -f follows it',
    'attach interactive detach-keys',
  ),
  'volume create': each('a volume is a folder of the store', 'driver opt label'),
}

const commands: Readonly<Record<string, string>> = {
  ...each('write a Dockerfile: what is committed by hand cannot be built again', 'commit'),
  ...each('jettison logs -f CONTAINER follows it; exec runs a command in it', 'attach'),
  ...each('jettison kill -s STOP CONTAINER stops it, and -s CONT lets it go on', 'pause unpause'),
  ...each('limits are given when it is made: jettison run -m, --cpus', 'update'),
  ...each(addressed, 'network'),
  ...each(noDaemon, 'events swarm service stack node secret config plugin'),
  ...each('a search needs the web page of the registry', 'search'),
  ...each(
    'jettison save and load keep whole images; jettison cp copies files out',
    'export import',
  ),
  ...each('jettison analyze and jettison compare say what is in an image', 'manifest'),
  ...each('jettison build is what docker buildx build is', 'buildx'),
  ...each('jettison prune --all forgets the cached steps', 'builder'),
  ...each('jettison top and jettison system df tell what is used', 'stats'),
  ...each('jettison doctor says what this machine allows', 'info'),
  ...each('jettison cp copies files out; compare looks at images', 'diff'),
  ...each('jettison run -d makes and starts it', 'create'),
}

/** Why a command has not a flag of Docker's, and what to do; undefined for what Docker has not either. */
export function leftOutFlag(command: string, flag: string): string | undefined {
  const known = flags[command] ?? {}
  const name = flag.replace(/^--/, '')
  return Object.hasOwn(known, name) ? known[name] : undefined
}

/** Commands of Docker's that are left out. */
export const leftOutCommands: readonly string[] = Object.keys(commands)

/** By command, the flags of Docker's that it has not. */
export const leftOutFlags: readonly (readonly [string, readonly string[]])[] = Object.entries(
  flags,
).map(([command, known]) => [command, Object.keys(known)])

export function leftOutCommand(name: string): string | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined
}

function each(hint: string, names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, hint]))
}
