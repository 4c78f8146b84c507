// Push and pull beside Docker Engine, skopeo and podman, all with one registry on this machine.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { startDocker } from './docker.mjs'
import { inTurn } from './measure.mjs'
import { ociTool, openPodman, startRegistry } from './registry.mjs'

const rounds = 2

export const registryCases = {
  push: {
    shows:
      'push of an image whose one layer has 700 MB of programs, libraries and texts that nobody has pushed before',
    images: [],
    run: async ({ folder, docker, jettison: usual }) => {
      const registry = await startRegistry(folder)
      const jettison = { ...usual, env: { JETTISON_HOME: join(folder, 'store') } }
      const ours = (...args) => execFileSync(jettison.command, args, withEnv(jettison.env))
      const context = join(folder, 'context')
      writeRealFiles(join(context, 'files'), 700e6)
      writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY files /files\nCMD ["/x"]\n')
      // The layer lies there uncompressed, as in the stores of the others.
      const layout = join(folder, 'layout')
      let image = ''
      const push =
        (...flags) =>
        () => ({ ...jettison, args: ['push', '-q', ...flags, image] })
      const copy = (...flags) => ['copy', '-q', '--dest-tls-verify=false', ...flags]
      try {
        return await inTurn(
          {
            jettison: push(),
            'jettison zstd': push('--compression', 'zstd'),
            ...(docker
              ? { docker: () => ({ command: docker.docker, env: docker.env, args: ['push', '-q', image] }) }
              : {}),
            skopeo: () => ociTool('skopeo', [...copy(), `oci:${layout}:latest`, `docker://${image}`]),
          },
          {
            rounds,
            warmUp: false,
            // Each run has bytes of its own: nothing is compressed, mounted or known already.
            before: (name, round) => {
              // Few and large files are quickly gone.
              registry.empty()
              if (image !== '') ours('rmi', image)
              rmSync(layout, { recursive: true, force: true })
              writeFileSync(join(context, 'files/salt'), `${name} ${round} ${Date.now()}`)
              image = `${registry.host}/${name.replace(' ', '-')}-${round}:latest`
              ours('build', '-q', '-t', image, context)
              if (name === 'skopeo')
                ours('build', '-q', '-t', image, '-o', `type=oci,tar=false,compression=none,dest=${layout}`, context)
              if (name !== 'docker') return
              const pipe = ['-c', '"$0" save "$1" | "$2" load -q', jettison.command, image, docker.docker]
              execFileSync('sh', pipe, withEnv({ ...jettison.env, ...docker.env }))
            },
          },
        )
      } finally {
        await registry.close()
      }
    },
  },
  pull: {
    shows: 'pull of python:3.11 (1 GB, 30,000 files) into an empty store, layers unpacked',
    images: ['python:3.11'],
    // Each round has a daemon of its own, which has nothing yet.
    daemon: false,
    run: async ({ folder, peer, jettison }) => {
      const registry = await startRegistry(folder)
      const image = `${registry.host}/python:3.11`
      const ours = (...args) => execFileSync(jettison.command, args, withEnv(jettison.env))
      let docker
      let round = 0
      const at = (what) => join(folder, `${what}-${round}`)
      try {
        ours('tag', 'python:3.11', image)
        try {
          ours('push', '-q', image)
        } finally {
          ours('rmi', image)
        }
        const toolChain = () => {
          const parts = [
            ociTool('skopeo', ['copy', '-q', '--src-tls-verify=false', `docker://${image}`, `oci:${at('layout')}:x`]),
            ociTool('umoci', ['raw', 'unpack', '--image', `${at('layout')}:x`, at('bundle')]),
          ]
          const text = parts.map(({ command, args }) => [command, ...args].join(' ')).join(' && ')
          return { command: 'sh', args: ['-c', text], env: parts[0].env }
        }
        const podmen = []
        const podman = () => {
          podmen.push(openPodman(at('podman')))
          return podmen.at(-1).command(['pull', '-q', '--tls-verify=false', image])
        }
        try {
          return await inTurn(
            {
              jettison: () => ({ ...jettison, env: { JETTISON_HOME: at('store') }, args: ['pull', '-q', image] }),
              ...(peer
                ? {
                    docker: () => ({ command: docker.docker, env: docker.env, args: ['pull', '-q', image] }),
                    podman,
                    'skopeo and umoci': toolChain,
                  }
                : {}),
            },
            {
              rounds,
              warmUp: false,
              // What earlier rounds unpacked stays until the end: ext4 makes new files slowly after many were deleted.
              before: async (name, number) => {
                round = number
                if (name !== 'docker') return
                await docker?.close()
                docker = await startDocker()
              },
            },
          )
        } finally {
          for (const each of podmen) each.close()
        }
      } finally {
        await docker?.close()
        await registry.close()
      }
    },
  },
}

function withEnv(env) {
  return { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] }
}

/** Copies files of this machine until they have `wanted` bytes: noise would not compress as images do. */
function writeRealFiles(target, wanted) {
  let left = wanted
  // No link is followed: some systems have a folder that contains itself by one.
  const copyFrom = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (left <= 0) return
      const path = join(folder, entry.name)
      if (entry.isDirectory()) copyFrom(path)
      if (!entry.isFile()) continue
      const { size } = statSync(path)
      if (size > 20e6) continue
      mkdirSync(dirname(join(target, path)), { recursive: true })
      copyFileSync(path, join(target, path))
      left -= size
    }
  }
  for (const base of ['/usr/lib', '/usr/share', '/usr/bin']) copyFrom(base)
}
