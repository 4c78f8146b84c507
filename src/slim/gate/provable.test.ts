import { expect, test } from 'vitest'
import { memoryTree } from '../../../test/support/memory-tree.ts'
import { systemPackages } from '../../analysis/index.ts'
import { parseDockerfile } from '../../dockerfile/index.ts'
import { gatherFacts } from '../facts/index.ts'
import { refuseUnprovable } from './provable.ts'

function codeFor(
  text: string,
  { probed = false, files = [] }: { probed?: boolean; files?: readonly string[] } = {},
): string | null {
  const fatTree = memoryTree([{ '/var/lib/dpkg/status': '', '/etc/os-release': 'ID=debian\n' }])
  const fatDb = systemPackages(fatTree)
  if (!fatDb) throw new Error('no package database')
  const config = { architecture: 'amd64', os: 'linux', config: {}, history: [] }
  const facts = gatherFacts({
    dockerfile: parseDockerfile(text).value,
    fat: { tree: fatTree, config: { ...config, rootfs: { type: 'layers', diff_ids: [] } } },
    base: { layers: 1 },
    context: { has: (path) => files.includes(path), readText: () => undefined },
  })
  return refuseUnprovable({ facts, fatTree, fatDb, probed })?.code ?? null
}

const tool = 'FROM debian:bookworm\nRUN make install\n'

test('an image that starts nothing of its own cannot be proved', () => {
  expect(codeFor(tool)).toBe('cannot-prove')
})

test.each([
  ['a command', `${tool}CMD ["tool"]\n`, {}],
  ['a port', `${tool}EXPOSE 80\n`, {}],
  ['a command of the stage below', `${tool}CMD ["tool"]\nFROM 0\n`, {}],
  ['a probe', tool, { probed: true }],
  ['a compose file', tool, { files: ['compose.yaml'] }],
])('%s is something to go by', (_what, text, options) => {
  const named = text.replace('FROM debian:bookworm\n', 'FROM debian:bookworm AS base\n')
  expect(codeFor(named.replace('FROM 0', 'FROM base'), options)).toBe(null)
})
