import type { TreeEntry } from '../../image/index.ts'
import type { PolicyKind } from '../define.ts'
import { pathMatches, sortIgnored } from '../ignore.ts'
import type { GateImage } from '../types.ts'

/** Who the app runs as. */
export const user: PolicyKind<{ readonly not: 'text' }> = {
  options: { not: 'text' },
  why: 'a process that breaks out of the app should not be root',
  fix: 'add a user and a USER instruction',
  slimFixes: false,
  judge: ({ not }, { image }) => {
    const common = { title: `does not run as ${not}`, allowed: `any user but ${not}` }
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    const name = (image.config.config.User ?? '').split(':')[0] ?? ''
    const plain = name === '' || name === '0' ? 'root' : name
    return {
      ...common,
      status: plain === not ? 'fail' : 'pass',
      found: `runs as ${plain}`,
      items: [],
    }
  },
}

/** What the configuration has to say, in container-structure-test's words. */
export const metadata: PolicyKind<{
  readonly exposedPorts: 'texts?'
  readonly cmd: 'texts?'
  readonly entrypoint: 'texts?'
  readonly workdir: 'text?'
  readonly user: 'text?'
  readonly volumes: 'texts?'
}> = {
  options: {
    exposedPorts: 'texts?',
    cmd: 'texts?',
    entrypoint: 'texts?',
    workdir: 'text?',
    user: 'text?',
    volumes: 'texts?',
  },
  refuse: (options) =>
    Object.values(options).every((one) => one === null)
      ? ['cmd', `metadata needs one of ${Object.keys(options).join(', ')}`]
      : null,
  why: 'whoever runs the image depends on them',
  fix: 'put the instruction back: EXPOSE, CMD, ENTRYPOINT, WORKDIR, USER, VOLUME',
  slimFixes: false,
  judge: (options, { image }) => {
    const common = {
      title: 'the configuration is as it has to be',
      allowed: 'as jettison.yaml says',
    }
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    const { config } = image.config
    const missing = (name: string, wanted: readonly string[] | null, has: object | undefined) =>
      (wanted ?? [])
        .filter((one) => !Object.hasOwn(has ?? {}, one))
        .map((one) => ({ what: `${name}: ${one} is missing` }))
    const other = (name: string, wanted: unknown, has: unknown) =>
      wanted === null || JSON.stringify(wanted) === JSON.stringify(has ?? null)
        ? []
        : [{ what: `${name}: ${JSON.stringify(has ?? null)} instead of ${JSON.stringify(wanted)}` }]
    const ports = options.exposedPorts?.map((port) => (/\//.test(port) ? port : `${port}/tcp`))
    const items = [
      ...missing('exposedPorts', ports ?? null, config.ExposedPorts),
      ...missing('volumes', options.volumes, config.Volumes),
      ...other('cmd', options.cmd, config.Cmd),
      ...other('entrypoint', options.entrypoint, config.Entrypoint),
      ...other('workdir', options.workdir, config.WorkingDir),
      ...other('user', options.user, config.User),
    ]
    return {
      ...common,
      status: items.length === 0 ? 'pass' : 'fail',
      found: items.length === 0 ? 'as asked' : `${items.length} differ`,
      items,
    }
  },
}

/** Files that must be there, and files that must not; globs over absolute paths. */
export const files: PolicyKind<{ readonly absent: 'texts?'; readonly present: 'texts?' }> = {
  options: { absent: 'texts?', present: 'texts?' },
  refuse: ({ absent, present }) =>
    absent === null && present === null ? ['absent', 'files needs absent, present or both'] : null,
  why: 'what must never ship, and what the app cannot do without',
  fix: 'copy what is missing; name what is unwanted in .dockerignore',
  slimFixes: false,
  judge: ({ absent, present }, input) => {
    const common = { title: 'the right files', allowed: 'as jettison.yaml says' }
    const { image } = input
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    const unwanted = (absent ?? []).flatMap((glob) =>
      matching(image, glob).map(({ path, size, layer }) => ({
        what: `${path} is there (${glob})`,
        ...{ path, bytes: size, layer, line: image.weight().layers[layer]?.line ?? undefined },
      })),
    )
    const { counted, notCounted } = sortIgnored('files', unwanted, input)
    const items = [
      ...[...counted].sort((a, b) => b.bytes - a.bytes),
      ...(present ?? [])
        .filter((glob) => matching(image, glob).length === 0)
        .map((glob) => ({ what: `nothing matches ${glob}` })),
    ]
    return {
      ...common,
      status: items.length === 0 ? 'pass' : 'fail',
      found: items.length === 0 ? 'as asked' : `${items.length} wrong`,
      items,
      notCounted,
    }
  },
}

/** Everything but folders that a glob over absolute paths means. */
function matching({ tree }: GateImage, glob: string): readonly TreeEntry[] {
  return [...tree.walk()].filter(({ kind, path }) => kind !== 'dir' && pathMatches(glob, path))
}
