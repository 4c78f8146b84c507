import { homedir } from 'node:os'
import { posix, resolve } from 'node:path'
import { Fault } from '../base/index.ts'
import { checkVolumeName, type VolumeMount } from '../engines/index.ts'
import { binarySize } from './container-limits.ts'

/** Docker's three ways to say the same, as text. */
export type MountFlags = {
  readonly volumes: readonly string[]
  readonly mounts: readonly string[]
  readonly tmpfs: readonly string[]
}

/** @throws Fault USAGE, VOLUME_NAME_INVALID */
export function containerMounts(flags: MountFlags): readonly VolumeMount[] {
  return [
    ...flags.volumes.map(parseVolume),
    ...flags.mounts.map(parseMount),
    ...flags.tmpfs.map(parseTmpfs),
  ]
}

/** `-v [SOURCE:]TARGET[:OPTIONS]`: a source with a slash or a dot in front is a path of the host. */
export function parseVolume(text: string): VolumeMount {
  const parts = text.split(':')
  const [source = '', target, options = ''] = parts.length === 1 ? ['', text] : parts
  if (parts.length > 3 || !target) throw usage(`invalid volume specification: ${text}`)
  const known = options.split(',').filter(Boolean)
  const unknown = known.find((option) => !['ro', 'rw', 'z', 'Z', 'nocopy'].includes(option))
  if (unknown !== undefined) throw usage(`invalid mode ${JSON.stringify(unknown)} in ${text}`)
  const common = { target: absolute(target, text), readOnly: known.includes('ro') }
  const seed = !known.includes('nocopy')
  if (source === '') return { ...common, type: 'volume', ...newVolume(), seed }
  const path = hostPath(source)
  return path === undefined
    ? { ...common, type: 'volume', name: checkVolumeName(source), anonymous: false, seed }
    : { ...common, type: 'bind', source: path, create: true }
}

/** `--mount type=bind|volume|tmpfs,source=…,target=…[,readonly]`. */
export function parseMount(text: string): VolumeMount {
  const fields = new Map<string, string>()
  for (const field of text.split(',')) {
    const [key = '', ...value] = field.split('=')
    fields.set(mountKeys[key] ?? key, value.length === 0 ? 'true' : value.join('='))
  }
  const unknown = [...fields.keys()].find((key) => !Object.values(mountKeys).includes(key))
  if (unknown !== undefined) throw usage(`unexpected key ${JSON.stringify(unknown)} in ${text}`)
  const type = fields.get('type') ?? 'volume'
  const source = fields.get('source')
  const target = absolute(fields.get('target') ?? '', text)
  const readOnly = ['true', '1'].includes(fields.get('readonly') ?? '')
  if (type === 'tmpfs')
    return {
      type,
      target,
      size: sizeOrNull(fields.get('tmpfs-size')),
      mode: modeOf(fields.get('tmpfs-mode')),
      noExec: true,
    }
  if (type === 'bind') {
    const path = source === undefined ? undefined : hostPath(source)
    if (path === undefined) throw usage(`a bind mount needs an absolute source: ${text}`)
    return { type, source: path, target, readOnly, create: false }
  }
  if (type !== 'volume') throw usage(`unknown mount type ${JSON.stringify(type)} in ${text}`)
  const seed = fields.get('volume-nocopy') === undefined
  const name =
    source === undefined ? newVolume() : { name: checkVolumeName(source), anonymous: false }
  return { type, ...name, target, readOnly, seed }
}

const mountKeys: Readonly<Record<string, string>> = {
  type: 'type',
  source: 'source',
  src: 'source',
  target: 'target',
  destination: 'target',
  dst: 'target',
  readonly: 'readonly',
  ro: 'readonly',
  'tmpfs-size': 'tmpfs-size',
  'tmpfs-mode': 'tmpfs-mode',
  'volume-nocopy': 'volume-nocopy',
  // Ours are always private and, read-only, protected all the way down.
  'bind-propagation': 'bind-propagation',
  consistency: 'consistency',
}

/** `--tmpfs TARGET[:size=64m,mode=1777,exec]`. */
export function parseTmpfs(text: string): VolumeMount {
  const [target = '', options = ''] = text.split(':')
  const list = options.split(',').filter(Boolean)
  const value = (key: string): string | undefined =>
    list.find((option) => option.startsWith(`${key}=`))?.slice(key.length + 1)
  const plain = ['exec', 'noexec', 'rw', 'nosuid', 'nodev']
  const unknown = list.find((option) => !plain.includes(option) && !/^(size|mode)=/.test(option))
  if (unknown !== undefined) throw usage(`invalid tmpfs option ${JSON.stringify(unknown)}`)
  return {
    type: 'tmpfs',
    target: absolute(target, text),
    size: sizeOrNull(value('size')),
    mode: modeOf(value('mode')),
    noExec: !list.includes('exec'),
  }
}

/** A name is given to it when the container is created. */
function newVolume(): { readonly name: string; readonly anonymous: boolean } {
  return { name: '', anonymous: true }
}

function hostPath(source: string): string | undefined {
  if (source.startsWith('~/')) return resolve(homedir(), source.slice(2))
  return /^[/.]/.test(source) ? resolve(source) : undefined
}

function absolute(target: string, text: string): string {
  const path = posix.resolve('/', target)
  if (target.startsWith('/') && path !== '/') return path
  throw usage(`the place in the container must be an absolute path below /: ${text}`)
}

function sizeOrNull(text: string | undefined): number | null {
  return text === undefined ? null : binarySize(text)
}

function modeOf(text: string | undefined): number {
  if (text === undefined) return 0o1777
  if (/^[0-7]{3,4}$/.test(text)) return Number.parseInt(text, 8)
  throw usage(`invalid mode ${JSON.stringify(text)}`)
}

function usage(message: string): Fault {
  return new Fault('USAGE', message, {
    kind: 'invalid',
    hint: 'write -v HOST_PATH:/TARGET[:ro], -v NAME:/TARGET or --mount type=bind,source=…,target=…',
  })
}
