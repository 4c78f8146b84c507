import type { ContainerConfig } from '../../image/index.ts'
import type { Side } from '../side.ts'
import { type Mutant, withConfig } from './mutant.ts'

/** Each variable of lean's environment. */
export function variables(lean: Side): readonly Mutant[] {
  return lean.env.map((line) => {
    const name = line.slice(0, line.indexOf('='))
    return withConfig(
      lean,
      (config) => ({ ...config, Env: (config.Env ?? []).filter((one) => one !== line) }),
      {
        kind: 'variable',
        what: `ENV ${name}`,
        names: [`ENV ${name}`],
      },
    )
  })
}

/** Each port that lean says it listens on. */
export function ports(lean: Side): readonly Mutant[] {
  return Object.keys(lean.config.ExposedPorts ?? {}).map((port) => {
    const left = (config: ContainerConfig): ContainerConfig => ({
      ...config,
      ExposedPorts: Object.fromEntries(
        Object.entries(config.ExposedPorts ?? {}).filter(([one]) => one !== port),
      ),
    })
    return withConfig(lean, left, {
      kind: 'port',
      what: `EXPOSE ${port}`,
      names: [`EXPOSE ${port}`],
    })
  })
}

type Setting = readonly [name: string, keys: readonly (keyof ContainerConfig)[]]

const all: readonly Setting[] = [
  ['CMD', ['Cmd']],
  ['ENTRYPOINT', ['Entrypoint']],
  ['USER', ['User']],
  ['WORKDIR', ['WorkingDir']],
  ['HEALTHCHECK', ['Healthcheck']],
  ['STOPSIGNAL', ['StopSignal']],
  ['VOLUME', ['Volumes']],
]

/** Everything else that the image says of its start. */
export function settings(lean: Side): readonly Mutant[] {
  return all
    .filter(([, keys]) => keys.some((key) => isSet(lean.config[key])))
    .map(([name, keys]) => {
      const without = (config: ContainerConfig): ContainerConfig =>
        Object.fromEntries(
          Object.entries(config).filter(([key]) => !keys.includes(key as keyof ContainerConfig)),
        )
      return withConfig(lean, without, { kind: 'setting', what: name, names: [name] })
    })
}

function isSet(value: unknown): boolean {
  if (!value || value === '/') return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}
