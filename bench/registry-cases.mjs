// Push and pull beside Docker Engine and skopeo, all with one registry on this machine.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inTurn } from './measure.mjs'
import { ociTool, startRegistry } from './registry.mjs'

export const registryCases = {
  push: {
    shows: 'push of an image whose one layer has 700 MB of programs, libraries and texts that nobody has pushed before',
    images: [],
    run: async ({ folder, docker, jettison }) => {
      const registry = await startRegistry(folder)
      const context = join(folder, 'context')
      writeRealFiles(join(context, 'files'), 700e6)
      writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY files /files\nCMD ["/x"]\n')
      const archive = join(folder, 'image.tar')
      const ours = (...args) => execFileSync(jettison.command, args, withEnv(jettison.env))
      let image = ''
      const push = (...flags) => () => ({ ...jettison, args: ['push', '-q', ...flags, image] })
      try {
        return await inTurn(
          {
            jettison: push(),
            'jettison zstd': push('--compression', 'zstd'),
            ...(docker ? { docker: () => ({ command: docker.docker, env: docker.env, args: ['push', '-q', image] }) } : {}),
            skopeo: () => ociTool('skopeo', ['copy', '-q', '--dest-tls-verify=false', `docker-archive:${archive}`, `docker://${image}`]),
          },
          {
            rounds: 2,
            // Each run has bytes of its own: nothing is compressed, mounted or known already.
            before: (name, round) => {
              writeFileSync(join(context, 'files/salt'), `${name} ${round} ${Date.now()}`)
              if (image !== '') ours('rmi', image)
              image = `${registry.host}/${name.replace(' ', '-')}:${round}`
              ours('build', '-q', '-t', image, context)
              if (name !== 'docker' && name !== 'skopeo') return
              rmSync(archive, { force: true })
              ours('save', '-o', archive, image)
              if (name === 'docker') execFileSync(docker.docker, ['load', '-q', '-i', archive], withEnv(docker.env))
            },
          },
        )
      } finally {
        if (image !== '') ours('rmi', image)
        await registry.close()
      }
    },
  },
  pull: {
    shows: 'pull of python:3.11 (1 GB, 30,000 files) into an empty store, layers unpacked; skopeo with umoci',
    images: ['python:3.11'],
    run: async ({ folder, docker, jettison }) => {
      const registry = await startRegistry(folder)
      const image = `${registry.host}/python:3.11`
      const ours = (...args) => execFileSync(jettison.command, args, withEnv(jettison.env))
      try {
        ours('tag', 'python:3.11', image)
        ours('push', '-q', image)
        ours('rmi', image)
        const store = join(folder, 'store')
        const layout = join(folder, 'layout')
        const both = [
          ociTool('skopeo', ['copy', '-q', '--src-tls-verify=false', `docker://${image}`, `oci:${layout}:x`]),
          ociTool('umoci', ['raw', 'unpack', '--image', `${layout}:x`, join(folder, 'bundle')]),
        ]
        const peer = {
          command: 'sh',
          args: ['-c', both.map(({ command, args }) => [command, ...args].join(' ')).join(' && ')],
          env: both[0].env,
        }
        return await inTurn(
          {
            jettison: { ...jettison, env: { JETTISON_HOME: store }, args: ['pull', '-q', image] },
            ...(docker ? { docker: { command: docker.docker, env: docker.env, args: ['pull', '-q', image] } } : {}),
            'skopeo and umoci': peer,
          },
          {
            rounds: 2,
            before: (name) => {
              for (const left of [store, layout, join(folder, 'bundle')])
                if (existsSync(left)) execFileSync('rm', ['-rf', '--one-file-system', left])
              if (name === 'docker') execFileSync(docker.docker, ['system', 'prune', '-af'], withEnv(docker.env))
            },
          },
        )
      } finally {
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
