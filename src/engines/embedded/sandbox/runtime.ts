import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makePipes } from './fifos.ts'
import type { Launcher } from './ladder.ts'
import { runtimeConfig } from './runtime-config.ts'
import { joinNetwork, mountSources, must, preamble, quote, setUpNetwork } from './shell-script.ts'
import { refuseExtras, startLauncher } from './supervise.ts'
import type { Sandbox } from './types.ts'
import { workspacePaths } from './workspace.ts'

/**
 * An OCI runtime that is installed. The root and the sources of the binds are mounted in a mount namespace around it.
 * If we are killed with SIGKILL while it runs, the container goes on to its own end: the runtime is no PID 1.
 */
export function runtimeLauncher(
  name: 'runc' | 'crun',
  places: readonly string[] = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin'],
): Launcher {
  const find = (): string | undefined =>
    places.map((dir) => join(dir, name)).find((path) => existsSync(path))
  return {
    name,
    seccomp: true,
    obstacle: () => {
      if (process.getuid?.() !== 0) return 'not root'
      return find() === undefined ? `${name} is not installed` : null
    },
    start: (sandbox, io) => startRuntime(find() ?? name, sandbox, io),
  }
}

/** Starts a sandbox with the runtime at this path. */
function startRuntime(
  runtime: string,
  sandbox: Sandbox,
  io: Parameters<Launcher['start']>[1],
): ReturnType<Launcher['start']> {
  refuseExtras(sandbox)
  const bundle = join(sandbox.workspace, 'bundle')
  mkdirSync(bundle, { recursive: true })
  writeFileSync(
    join(bundle, 'config.json'),
    JSON.stringify(runtimeConfig(sandbox, join(bundle, 'waiting'))),
  )
  return startLauncher(
    {
      kind: 'bare',
      file: '/usr/bin/setpriv',
      args: [
        '--pdeathsig',
        'KILL',
        ...joinNetwork(sandbox.network),
        'unshare',
        '--mount',
        ...(sandbox.network.kind === 'own' ? ['--net'] : []),
        '--propagation',
        'private',
        '/bin/sh',
        '-c',
        'eval "$(cat <&3)"',
      ],
      input: Buffer.from(script(runtime, bundle, sandbox)),
      pipes: makePipes(sandbox.workspace, ['out', 'err']),
    },
    io,
  )
}

/**
 * The pid file appears when the command runs; before that, what went wrong is in the runtime's log. With a gate PID 1 is
 * known while it waits there.
 */
function script(runtime: string, bundle: string, sandbox: Sandbox): string {
  const { root } = workspacePaths(sandbox.workspace)
  const [state, log, pid, waiting] = ['state', 'log', 'pid', 'waiting'].map((file) =>
    quote(join(bundle, file)),
  )
  const id = quote(`jettison-${process.pid}-${sandbox.workspace.split('/').at(-2) ?? ''}`)
  return [
    preamble,
    ...(sandbox.network.kind === 'own' ? setUpNetwork(sandbox.network) : []),
    ...mountSources(sandbox),
    must('enter the root', `cd ${quote(root)}`),
    must('make the working directory', `mkdir -p ${quote(`.${sandbox.process.cwd}`)}`),
    'exec 5<&0',
    `${quote(runtime)} --root ${state} --log ${log} run --bundle ${quote(bundle)} --pid-file ${pid} ${id} <&5 3<&- 4>&- &`,
    'worker=$!',
    ...(sandbox.gate === undefined
      ? []
      : [
          `while kill -0 $worker 2>/dev/null && ! [ -s ${waiting} ]; do sleep 0.005; done`,
          `if [ -s ${waiting} ]; then echo "pid $(cat ${waiting})" >&4; fi`,
        ]),
    `while kill -0 $worker 2>/dev/null && ! [ -s ${pid} ]; do sleep 0.005; done`,
    `if [ -s ${pid} ]; then echo "pid $(cat ${pid})" >&4; echo started >&4; fi`,
    'wait $worker; code=$?',
    `[ -s ${pid} ] && { echo "exit $code" >&4; exit 0; }`,
    `why=$(tail -n 1 ${log} | tr '"' "'")`,
    `case "$why" in *'executable file not found'*|*'no such file or directory'*exec*|*exec*'no such file or directory'*) echo ${quote(`fail 2 exec ${sandbox.process.argv[0] ?? ''}`)} >&4;; *exec*'permission denied'*) echo ${quote(`fail 13 exec ${sandbox.process.argv[0] ?? ''}`)} >&4;; *) echo "fail 0 $why" >&4;; esac`,
  ].join('\n')
}
