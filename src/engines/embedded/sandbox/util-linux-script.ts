import { capabilitiesOf } from './capabilities.ts'
import {
  deviceLinks,
  devices,
  loopDevices,
  maskedPaths,
  privilegedDevices,
  readOnlyPaths,
} from './paths.ts'
import {
  mountSources,
  must,
  preamble,
  quote,
  setUpNetwork,
  sourceOf,
  words,
} from './shell-script.ts'
import type { Sandbox } from './types.ts'
import { ulimitsOf } from './ulimits.ts'
import { shmOptions, tmpfsOptions, workspacePaths } from './workspace.ts'

/**
 * The sandbox as a script for sh(1) with util-linux, run as PID 1 of new namespaces. It does what the Perl launcher
 * does but for the seccomp filter, which util-linux before 2.41 cannot install. Targets were resolved inside the root
 * before; only a mount below another mount is made without that guard.
 */
export function utilLinuxScript(sandbox: Sandbox): string {
  const paths = workspacePaths(sandbox.workspace)
  return [
    preamble,
    // /proc is still the host's: it names this shell by the number that the host knows.
    'read -r pid rest < /proc/self/stat; echo "pid $pid" >&4',
    must('set the host name', `echo ${quote(sandbox.hostname)} > /proc/sys/kernel/hostname`),
    ...setUpNetwork(sandbox.network),
    ...(sandbox.gate === undefined ? [] : [`head -c 1 ${quote(sandbox.gate)} > /dev/null`]),
    ...mountSources(sandbox),
    must('enter the root', `cd ${quote(paths.root)}`),
    ...systemMounts(sandbox),
    ...sandbox.mounts.flatMap((_, at) => attach(sandbox, at)),
    ...(sandbox.privileged ? [] : hide()),
    must('make the working directory', `mkdir -p ${quote(`.${sandbox.process.cwd}`)}`),
    ...(sandbox.readOnlyRoot ? [must('protect the root', 'mount -o remount,bind,ro .')] : []),
    ...leave(sandbox),
  ].join('\n')
}

function systemMounts({ privileged = false, ...sandbox }: Sandbox): string[] {
  const strict = 'nosuid,nodev,noexec'
  const mount = (type: string, target: string, options: string): string =>
    must(`mount ${target}`, `mount -t ${type} -o ${options} ${type} ${quote(`.${target}`)}`)
  return [
    must('make mount points', 'mkdir -p ./proc ./sys ./dev'),
    mount('proc', '/proc', strict),
    mount('sysfs', '/sys', privileged ? strict : `ro,${strict}`),
    mount('tmpfs', '/dev', 'nosuid,mode=755,size=65536k'),
    ...devices.map(makeDevice),
    ...(privileged ? moreDevices() : []),
    ...deviceLinks.map(([name, to]) =>
      must(`link /dev/${name}`, `ln -s ${words(to, `./dev/${name}`)}`),
    ),
    must('make mount points', 'mkdir ./dev/pts ./dev/shm ./dev/mqueue'),
    mount('devpts', '/dev/pts', 'nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5'),
    mount('tmpfs', '/dev/shm', [strict, ...shmOptions(sandbox)].join(',')),
    mount('mqueue', '/dev/mqueue', strict),
  ]
}

function makeDevice([name, major, minor]: readonly [string, number, number]): string {
  return must(`make /dev/${name}`, `mknod -m 666 ./dev/${name} c ${major} ${minor}`)
}

function moreDevices(): string[] {
  const { major, count } = loopDevices
  const loops = Array.from({ length: count }, (_, at) =>
    must(`make /dev/loop${at}`, `mknod -m 660 ./dev/loop${at} b ${major} ${at}`),
  )
  return [must('make /dev/net', 'mkdir ./dev/net'), ...privilegedDevices.map(makeDevice), ...loops]
}

function attach(sandbox: Sandbox, at: number): string[] {
  const mount = sandbox.mounts[at]
  if (!mount) return []
  const target = `.${mount.target}`
  const what = `mount ${mount.target}`
  if (mount.type === 'tmpfs') {
    const flags = `nosuid,nodev${mount.noExec ? ',noexec' : ''}`
    return [
      must(what, `mkdir -p ${quote(target)}`),
      must(what, `mount -t tmpfs -o ${flags},${tmpfsOptions(mount)} tmpfs ${quote(target)}`),
    ]
  }
  const file = mount.type === 'file' || mount.kind === 'file'
  const parent = target.slice(0, target.lastIndexOf('/'))
  const make = file
    ? `{ mkdir -p ${quote(parent)} && { [ -e ${quote(target)} ] || : > ${quote(target)}; }; }`
    : `mkdir -p ${quote(target)}`
  const bind = mount.type === 'bind' && mount.recursive ? '--rbind' : '--bind'
  const flags = mount.type === 'file' ? ',nosuid,nodev' : ''
  return [
    must(what, make),
    must(what, `mount ${bind} ${words(sourceOf(sandbox, at), target)}`),
    ...(mount.readOnly ? [must(what, `mount -o remount,bind,ro${flags} ${quote(target)}`)] : []),
  ]
}

function limitText(value: number): string {
  return value < 0 ? 'unlimited' : String(value)
}

function hide(): string[] {
  const each = (paths: readonly string[]): string =>
    paths.map((path) => quote(`.${path}`)).join(' ')
  return [
    `for p in ${each(readOnlyPaths)}; do [ ! -e $p ] || { mount --bind $p $p && mount -o remount,bind,ro,nosuid,nodev,noexec $p; } || fail "protect $p"; done`,
    `for p in ${each(maskedPaths)}; do if [ -d $p ]; then mount -t tmpfs -o ro tmpfs $p || fail "mask $p"; elif [ -e $p ]; then mount --bind ./dev/null $p || fail "mask $p"; fi; done`,
  ]
}

/**
 * The overlay becomes the root of the mount namespace, as switch_root(8) does it, so that CAP_SYS_CHROOT leads nowhere.
 * The last program before the command is a read-only bind mount: the command could reach it as /proc/self/exe.
 */
function leave(sandbox: Sandbox): string[] {
  const { launcher } = workspacePaths(sandbox.workspace)
  const { argv, cwd, env, user } = sandbox.process
  const capabilities = capabilitiesOf(sandbox.process).map(
    (name) => `+${name.slice('CAP_'.length).toLowerCase()}`,
  )
  const groups = user.groups.length > 0 ? `--groups=${user.groups.join(',')}` : '--clear-groups'
  const drop = [
    `--bounding-set=-all,${capabilities.join(',')}`,
    '--inh-caps=-all',
    '--ambient-caps=-all',
    `--regid=${user.gid}`,
    groups,
  ]
  const enter = ['--root=.', `--wd=${cwd}`, ...(user.uid === 0 ? [] : [`--setuid=${user.uid}`])]
  return [
    must('bind the launcher', `mount --bind "$(command -v unshare)" ${quote(launcher)}`),
    must('protect the launcher', `mount -o remount,bind,ro ${quote(launcher)}`),
    must('change the root', 'mount --move . /'),
    'umask 022',
    ...ulimitsOf(sandbox.process).map(({ name, soft, hard }) =>
      must(`limit ${name}`, `prlimit --pid $$ --${name}=${limitText(soft)}:${limitText(hard)}`),
    ),
    // Descriptors that whoever started us left open; dash cannot name those above 9, so bash runs this where it can.
    `for f in /proc/self/fd/*; do n=$(basename "$f"); [ "$n" -le 4 ] || eval "exec $n<&-" 2>/dev/null || :; done`,
    'echo started >&4',
    `exec 3<&- 4>&- setsid setpriv ${words(...drop)} env -i ${words(...env)} ${words(launcher, ...enter, '--', ...argv)}`,
  ]
}
