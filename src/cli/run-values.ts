import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type RunFlags, readUserFile, writeFile } from '../app/index.ts'
import { Fault } from '../base/index.ts'
import { checkPlatform, readSize, readUlimit } from './build-values.ts'
import type { ParsedFlags } from './flags.ts'
import { environmentOf, keyValues } from './key-values.ts'

/** The flags of `run` and `create` as the app takes them. @throws Fault USAGE */
export function runFlagsOf(flags: ParsedFlags): RunFlags {
  const [image = '', ...words] = flags.positional
  const shm = flags.text('shm-size')
  return {
    image,
    command: words,
    name: flags.text('name'),
    hostname: flags.text('hostname'),
    env: environmentOf(flags.list('env'), process.env),
    envFiles: flags.list('env-file'),
    user: flags.text('user'),
    workdir: flags.text('workdir'),
    entrypoint: flags.text('entrypoint'),
    network: flags.text('network'),
    publish: flags.list('publish'),
    addHosts: flags.list('add-host'),
    stopSignal: flags.text('stop-signal'),
    remove: flags.bool('rm'),
    terminal: flags.bool('tty'),
    mounts: {
      volumes: flags.list('volume'),
      mounts: flags.list('mount'),
      tmpfs: flags.list('tmpfs'),
    },
    health: {
      none: flags.bool('no-healthcheck'),
      command: flags.text('health-cmd'),
      interval: flags.text('health-interval'),
      timeout: flags.text('health-timeout'),
      startPeriod: flags.text('health-start-period'),
      startInterval: flags.text('health-start-interval'),
      retries: flags.text('health-retries'),
    },
    limits: {
      memory: flags.text('memory'),
      cpus: flags.text('cpus'),
      pids: flags.text('pids-limit'),
    },
    capAdd: flags.list('cap-add'),
    capDrop: flags.list('cap-drop'),
    init: flags.bool('init'),
    readOnly: flags.bool('read-only'),
    labels: labelsOf(flags),
    exposed: flags.list('expose'),
    publishAll: flags.bool('publish-all'),
    shmSize: shm === undefined ? undefined : readSize(shm),
    ulimits: flags.list('ulimit').map(readUlimit),
    dns: {
      servers: flags.list('dns'),
      search: flags.list('dns-search'),
      options: flags.list('dns-option'),
    },
    stopTimeout: flags.text('stop-timeout'),
  }
}

/** Files first, as Docker; a label without `=` is empty. */
function labelsOf(flags: ParsedFlags): Readonly<Record<string, string>> {
  const lines = flags.list('label-file').flatMap((path) =>
    readUserFile(path, { code: 'LABEL_FILE_UNREADABLE', what: `open ${path}` })
      .toString('utf8')
      .split(/\r?\n/)
      .map((line) => line.trimStart())
      .filter((line) => line !== '' && !line.startsWith('#')),
  )
  return keyValues(
    [...lines, ...flags.list('label')].map((text) => (text.includes('=') ? text : `${text}=`)),
    {},
  )
}

/** `--cidfile`: a file that is there belongs to another container. @throws Fault CIDFILE_EXISTS */
export function idFile(flags: ParsedFlags, cwd: string): (id: string) => void {
  const name = flags.text('cidfile')
  if (name === undefined) return () => {}
  const path = resolve(cwd, name)
  if (existsSync(path))
    throw new Fault('CIDFILE_EXISTS', `the container ID file ${name} exists already`, {
      kind: 'invalid',
      hint: 'make sure that the other container is not running, and remove the file',
    })
  return (id) => writeFile(path, id)
}

/** What a program without a daemon cannot or should not do, said instead of left out. */
export function refuseRunFlags(flags: ParsedFlags): void {
  checkPlatform(flags.text('platform'))
  if (flags.bool('privileged'))
    throw new Fault('PRIVILEGED_REFUSED', 'containers are not given all rights over this machine', {
      kind: 'invalid',
      hint: 'add what the app needs with --cap-add, or mount what it needs with -v',
    })
  if ((flags.text('restart') ?? 'no') !== 'no')
    throw new Fault('RESTART_REFUSED', 'there is no daemon that would restart the container', {
      kind: 'invalid',
      hint: 'let a service manager run it (ExecStart=jettison run --rm …, Restart=always)',
    })
}
