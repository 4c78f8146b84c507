import { expect, test } from 'vitest'
import { memoryTree, type Spec } from '../../../../test/support/memory-tree.ts'
import { tinyElf } from '../../../../test/support/tiny-elf.ts'
import { readDpkg } from '../../../analysis/index.ts'
import { parseDockerfile } from '../../../dockerfile/index.ts'
import { type ImageConfig, sha256 } from '../../../image/index.ts'
import { gatherFacts } from '../../facts/index.ts'
import { rewriteDockerfile } from '../../rewrite/index.ts'
import type { PlanInput } from '../../types.ts'
import { c } from '../c/index.ts'
import { artifactsOf } from './artifacts.ts'

const elf = (soname: string, ...needed: string[]): Spec => ({ text: tinyElf({ soname, needed }) })
const program = (...needed: string[]): Spec => ({ text: tinyElf({ needed }), mode: 0o755 })
const lib = '/usr/lib/x86_64-linux-gnu'
const text = 'FROM gcc:13\nCOPY . /src\nRUN make -C /src install\nCMD ["app"]\n'

/** GCC's image keeps its own libstdc++ beside the system's. */
function world(): PlanInput {
  const base: Record<string, Spec> = {
    '/etc/os-release': 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
    '/etc/ld.so.conf': '/usr/local/lib64\n/usr/local/lib\n',
    '/var/lib/dpkg/status':
      'Package: libstdc++6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 12\nPriority: required\n',
    '/var/lib/dpkg/info/libstdc++6:amd64.list': `${lib}/libstdc++.so.6\n`,
    [`${lib}/libstdc++.so.6`]: elf('libstdc++.so.6'),
    '/usr/local/lib64/libstdc++.so.6.0.32': elf('libstdc++.so.6'),
    '/usr/local/lib64/libstdc++.so.6': { link: 'libstdc++.so.6.0.32' },
    '/usr/local/bin/gcc': { text: 'x'.repeat(4_000_000), mode: 0o755 },
  }
  const config: ImageConfig = {
    architecture: 'amd64',
    os: 'linux',
    config: {
      Cmd: ['app'],
      Env: ['PATH=/usr/local/bin:/usr/bin', 'LD_LIBRARY_PATH=/usr/local/lib64'],
    },
    rootfs: { type: 'layers', diff_ids: ['base', 'copy', 'run'].map(sha256) },
    history: [{ created_by: 'base' }, { created_by: 'COPY' }, { created_by: 'RUN' }],
  }
  const fatTree = memoryTree([
    base,
    { '/src/main.cc': 'int main() {}' },
    { '/usr/local/bin/app': program('libstdc++.so.6') },
  ])
  const fatDb = readDpkg(fatTree)
  if (fatDb === undefined) throw new Error('no package database')
  const facts = gatherFacts({
    dockerfile: parseDockerfile(text).value,
    fat: { tree: fatTree, config },
    base: { layers: 1 },
    context: { has: () => false, readText: () => undefined },
  })
  const leanBaseTree = memoryTree([
    { '/var/lib/dpkg/status': '', [`${lib}/libstdc++.so.6`]: elf('libstdc++.so.6') },
  ])
  return { facts, fatTree, fatDb, leanBaseTree }
}

test('a library of the base tool chain is no file of the project and no file of a package', () => {
  const found = artifactsOf(world())
  expect(found.programs).toEqual(['/usr/local/bin/app'])
  expect(found.ofToolChain).toEqual(['/usr/local/lib64/libstdc++.so.6.0.32'])
  expect([...found.needed]).toEqual(['/usr/local/bin/app'])
})

test('it comes along under the name that is loaded', () => {
  const input = world()
  const planned = c.plan(input)
  if (planned.kind === 'refusal') throw new Error(planned.refusal.message)
  const lean = rewriteDockerfile(parseDockerfile(text).value, planned.plan)
  expect(lean).toContain(
    'COPY --from=builder /usr/local/lib64/libstdc++.so.6 /usr/local/lib/\nRUN ldconfig\n',
  )
})
