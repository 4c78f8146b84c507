import type { ContainerConfig } from '../../image/index.ts'
import type { PolicyKind } from '../define.ts'

/** What callers depend on is as it was in the baseline: how it starts, as whom, where, on which ports and volumes. */
export const parity: PolicyKind<{ readonly except: 'texts?' }> = {
  options: { except: 'texts?' },
  refuse: ({ except }) => {
    const unknown = except?.find((name) => !Object.hasOwn(valuesOf({}), name))
    return unknown === undefined
      ? null
      : ['except', `except knows ${Object.keys(valuesOf({})).join(', ')}, and not ${unknown}`]
  },
  why: 'whoever starts the image depends on them, and a rewrite loses them easily',
  fix: 'put the instruction back, or accept the change: jettison check --update-baseline',
  slimFixes: false,
  needsBaseline: true,
  judge: ({ except }, { image, baseline }) => {
    const common = { title: 'it starts as the baseline does', allowed: 'as in the baseline' }
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    if (!baseline?.configuration)
      return {
        ...common,
        status: 'skip',
        found: baseline ? 'the baseline says nothing of it: write it anew' : 'no baseline',
        items: [],
      }
    const now = valuesOf(image.config.config)
    const items = Object.entries(valuesOf(baseline.configuration))
      .filter(([name, before]) => !except?.includes(name) && now[name] !== before)
      .map(([name, before]) => ({
        what: `${name} was ${before ?? 'unset'} and is ${now[name] ?? 'unset'}`,
      }))
    return {
      ...common,
      status: items.length === 0 ? 'pass' : 'fail',
      found: items.length === 0 ? 'the same' : `${items.length} differ`,
      items,
    }
  },
}

function valuesOf(config: ContainerConfig): Readonly<Record<string, string | null>> {
  const names = (has: object | undefined): string | null =>
    Object.keys(has ?? {})
      .sort((a, b) => (a < b ? -1 : 1))
      .join(' ') || null
  const words = (list: readonly string[] | undefined): string | null =>
    list === undefined || list.length === 0 ? null : JSON.stringify(list)
  const variables = (config.Env ?? []).map((pair) => [pair.replace(/=.*/s, ''), 0] as const)
  return {
    entrypoint: words(config.Entrypoint),
    cmd: words(config.Cmd),
    user: config.User || null,
    workdir: config.WorkingDir || null,
    ports: names(config.ExposedPorts),
    volumes: names(config.Volumes),
    // Names only: a value may be a secret, and a base's version is no difference.
    env: names(Object.fromEntries(variables)),
    healthcheck: words(config.Healthcheck?.Test),
    stopsignal: config.StopSignal || null,
  }
}
