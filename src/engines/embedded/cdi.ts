import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { Fault } from '../../base/index.ts'
import type { StepDevice } from '../../build/index.ts'
import type { SandboxMount } from './sandbox/index.ts'

/** Where the Container Device Interface keeps its specifications; a later folder wins (CDI SPEC.md). */
const cdiFolders: readonly string[] = ['/etc/cdi', '/var/run/cdi']

/** What a container is given for its devices. */
export type DeviceEdits = {
  readonly mounts: readonly SandboxMount[]
  readonly env: readonly string[]
}

type Edits = {
  readonly env?: readonly string[]
  readonly deviceNodes?: readonly { readonly path: string; readonly hostPath?: string }[]
  readonly mounts?: readonly {
    readonly hostPath: string
    readonly containerPath: string
    readonly options?: readonly string[]
  }[]
}

type Device = {
  readonly name: string
  readonly annotations: Readonly<Record<string, string>>
  readonly edits: readonly Edits[]
}

const allowAnnotation = 'org.mobyproject.buildkit.device.autoallow'
const classAnnotation = 'org.mobyproject.buildkit.device.class'

/**
 * Devices by CDI name: `vendor.com/class=name`, `vendor.com/class` for the first of its kind, `vendor.com/class=*` for
 * all, or BuildKit's class annotation. Hooks are programs of the host and are not run.
 * @throws Fault DEVICE_MISSING for a required one that nobody registered, DEVICE_UNSUPPORTED, NOT_ALLOWED
 */
export function findDevices(
  wanted: readonly StepDevice[],
  folders: readonly string[] = cdiFolders,
): DeviceEdits {
  const known = folders.flatMap(readFolder)
  const chosen = new Map<string, Device>()
  for (const { name, required, allowed } of wanted) {
    const found = match(name, known)
    for (const device of found) {
      if (!allowed && device.annotations[allowAnnotation] !== 'true') throw notAllowed(device.name)
      chosen.set(device.name, device)
    }
    if (found.length === 0 && required)
      throw new Fault(
        'DEVICE_MISSING',
        `required device ${JSON.stringify(name)} is not registered`,
        {
          kind: 'invalid',
          hint:
            known.length > 0
              ? `this machine has: ${known.map((device) => device.name).join(', ')}`
              : `no device is described in ${folders.join(' or ')}`,
        },
      )
  }
  const edits = [...chosen.values()].flatMap((device) => device.edits)
  return { mounts: edits.flatMap(mountsOf), env: edits.flatMap(({ env = [] }) => env) }
}

function notAllowed(name: string): Fault {
  return new Fault('NOT_ALLOWED', `device ${name} is requested by the build but not allowed`, {
    kind: 'invalid',
    hint: `a device of the host has to be allowed: build --allow device=${name}`,
  })
}

function match(name: string, known: readonly Device[]): readonly Device[] {
  const [kind = '', device = ''] = name.split('=', 2)
  const ofKind = known.filter((one) => one.name.startsWith(`${kind}=`))
  const named = ofKind.filter((one) => one.name === name)
  const found = device === '' ? ofKind.slice(0, 1) : device === '*' ? ofKind : named.slice(-1)
  return found.length > 0 && kind.includes('/')
    ? found
    : known.filter(({ annotations }) => annotations[classAnnotation] === name)
}

function mountsOf({ deviceNodes = [], mounts = [] }: Edits): SandboxMount[] {
  return [
    ...deviceNodes.map(({ path, hostPath = path }): SandboxMount => {
      const bind = { type: 'bind', kind: 'file', readOnly: false } as const
      return { ...bind, source: hostPath, target: path }
    }),
    ...mounts.map(({ hostPath, containerPath, options = [] }): SandboxMount => {
      const readOnly = options.includes('ro')
      const kind = statSync(hostPath).isDirectory() ? 'dir' : 'file'
      return { type: 'bind', source: hostPath, target: containerPath, kind, readOnly }
    }),
  ]
}

function readFolder(folder: string): Device[] {
  let names: string[]
  try {
    names = readdirSync(folder).filter((name) => /\.(?:json|ya?ml)$/.test(name))
  } catch {
    return []
  }
  return names.sort().flatMap((name) => readSpec(join(folder, name)))
}

function readSpec(file: string): Device[] {
  try {
    const { kind, containerEdits, devices, annotations } = parse(readFileSync(file, 'utf8')) as {
      kind: string
      containerEdits?: Edits
      annotations?: Device['annotations']
      devices: readonly {
        name: string
        annotations?: Device['annotations']
        containerEdits: Edits
      }[]
    }
    return devices.map((device) => ({
      name: `${kind}=${device.name}`,
      annotations: { ...annotations, ...device.annotations },
      edits: [...(containerEdits ? [containerEdits] : []), device.containerEdits],
    }))
  } catch (error) {
    throw unusable(file, error)
  }
}

function unusable(file: string, cause: unknown): Fault {
  const message = `${file} is no usable CDI specification`
  return new Fault('DEVICE_UNSUPPORTED', message, { kind: 'invalid', cause })
}
