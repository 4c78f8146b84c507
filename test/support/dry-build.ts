import { type EventSink, Fault, silent } from '../../src/base/index.ts'
import {
  type BuildPorts,
  type BuildRequest,
  buildImage,
  type CopySource,
  type LayerId,
  type StoredImage,
} from '../../src/build/index.ts'
import { type FileTree, parseDigest, sha256 } from '../../src/image/index.ts'
import { memoryTree } from './memory-tree.ts'

const layer = 'layer' as LayerId
const digest = parseDigest(`sha256:${'0'.repeat(64)}`)

const base: StoredImage = {
  id: digest,
  config: {
    architecture: 'amd64',
    os: 'linux',
    config: { Env: ['PATH=/bin'] },
    rootfs: { type: 'layers', diff_ids: [digest] },
    history: [],
  },
  layers: [layer],
  manifest: null,
}

const system = memoryTree([
  {
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n',
    '/etc/group': 'root:x:0:\napp:x:1000:\n',
  },
])

/** Nothing is written: each step leaves the same layer behind, and every image exists but the missing ones. */
function dryPorts(missing: readonly string[]): BuildPorts {
  return {
    store: {
      findStep: () => undefined,
      putStep: () => {},
      preimage: () => undefined,
      tree: () => system,
      layer: (id) => ({ id, diffId: digest, size: 0 }),
      diffId: async () => digest,
      putImage: () => digest,
      tag: () => {},
      findImage: () => undefined,
    },
    steps: { run: async () => ({ exitCode: 0, layer }), copy: async () => layer },
    bases: {
      resolve: async (reference) => {
        if (missing.includes(reference)) throw new Fault('BASE_NOT_FOUND', `no ${reference}`)
        return base
      },
    },
    adds: {
      archive: async () => null,
      url: async () => ({ source: sourceOf(memoryTree([{ '/f': 'x' }])), path: '/f' }),
      git: async () => sourceOf(memoryTree([{ '/f': 'x' }])),
    },
  }
}

function sourceOf(tree: FileTree): CopySource {
  return { tree, contentDigest: (path) => sha256(tree.read(path)), hostPath: () => null }
}

/**
 * Everything of a build that needs no engine: parsing, scopes, the graph of stages, what each instruction means, keys.
 * @throws what `buildImage` throws
 */
export async function dryBuild(
  text: string,
  context: FileTree,
  {
    missing = [],
    emit = silent,
    ...asked
  }: Partial<BuildRequest> & {
    readonly missing?: readonly string[]
    readonly emit?: EventSink
  } = {},
): Promise<void> {
  const request: BuildRequest = {
    dockerfile: { name: 'Dockerfile', text },
    context: { name: '.', ...sourceOf(context) },
    namedContexts: new Map(),
    target: null,
    args: {},
    labels: {},
    tags: [],
    platform: { os: 'linux', architecture: 'amd64' },
    secrets: new Map(),
    noCache: false,
    why: false,
    noCacheStages: [],
    entitlements: [],
    network: 'host',
    addHosts: [],
    now: '2026-01-01T00:00:00Z',
    epoch: 1767225600,
    ...asked,
  }
  await buildImage(request, dryPorts(missing), { emit })
}
