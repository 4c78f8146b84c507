import { expect, test } from 'vitest'
import { memoryTree, type Spec } from '../../../test/support/memory-tree.ts'
import type { ContainerConfig } from '../../image/index.ts'
import { analyzeImage } from './analyze-image.ts'

const program: Spec = { text: '#!/bin/sh\n', mode: 0o755 }
const files: Readonly<Record<string, Spec>> = {
  '/usr/share/maven/bin/mvn': program,
  '/usr/share/maven/lib/maven-core-3.9.6.jar': 'jar',
  '/root/.m2/repository/a/a-1.jar': 'jar',
  '/usr/local/go/bin/go': program,
  '/usr/local/go/VERSION': 'go1.22.5\n',
  '/go/pkg/mod/cache/download/x/v1.zip': 'zip',
  '/go/pkg/mod/x@v1/x.go': 'package x',
  '/root/.cache/go-build/trim.txt': '1',
  '/root/.cache/go-build/00/a-d': 'object',
}

function categories(config: ContainerConfig): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  analyzeImage({
    tree: memoryTree([files]),
    config: {
      ...{ architecture: 'amd64', os: 'linux', history: [], config },
      rootfs: { type: 'layers', diff_ids: [] },
    },
    onFile: ({ path }, { category }) => found.set(path, category),
  })
  return found
}

const maven = ['/usr/share/maven/lib/maven-core-3.9.6.jar', '/root/.m2/repository/a/a-1.jar']
const go = ['/usr/local/go/VERSION', '/go/pkg/mod/x@v1/x.go', '/root/.cache/go-build/00/a-d']

test.each([
  ['mvn', maven, go],
  ['go', go, maven],
])(
  'an image that starts %s builds: its tools and caches are needed, others are not',
  (name, needed, others) => {
    const env = ['PATH=/usr/share/maven/bin:/usr/local/go/bin']
    const found = categories({ Cmd: [name, 'run'], Env: env })
    const ballast = new Set(['compilers', 'package-caches'])
    for (const path of needed) expect(ballast, path).not.toContain(found.get(path))
    for (const path of others) expect(ballast, path).toContain(found.get(path))
  },
)
