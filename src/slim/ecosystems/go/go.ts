import { sectionAt } from '../../../analysis/index.ts'
import type { FileTree } from '../../../image/index.ts'
import type { InstructionFacts } from '../../facts/index.ts'
import { compiledEcosystem } from '../compiled/index.ts'
import type { Ecosystem } from '../types.ts'

/** Go, with cgo and without: `go build`, `go install`, or a Makefile that calls them. */
export const go: Ecosystem = compiledEcosystem(
  {
    name: 'go',
    what: 'Go',
    bases: /^golang$/,
    made: isGoProgram,
    whenRun: {
      command: /^(?:go(?:\d[\d.]*)? (?:run|test|build|install)|air|reflex)\b/,
      advice:
        'build in the Dockerfile (RUN go build -o /usr/local/bin/app .) and start the program',
    },
    caches,
    cleans: /^go clean (?:\S+ )*-{1,2}(?:mod|test|fuzz)?cache\b/,
  },
  [
    {
      path: /^\/go\/(?:pkg|src\/github\.com)(?:\/|$)|\/\.(?:cache\/go-build|config\/go)(?:\/|$)/,
      what: "Go's caches",
      when: 'always',
    },
  ],
)

/** The linker writes the build's settings into a section of its own (debug/buildinfo). */
export function isGoProgram(tree: FileTree, path: string): boolean {
  return (sectionAt(tree, path, '.go.buildinfo')?.length ?? 0) > 0
}

/** Where this image's Go keeps modules and objects, for a RUN that may use them. */
function caches({ run, before: { env } }: InstructionFacts): readonly string[] {
  const lines = (run?.commands ?? []).map(({ name, words }) =>
    name === 'go' ? `go ${words[1]?.text ?? ''}` : name,
  )
  const compiles = lines.some((line) =>
    /^(?:go (?:build|install|test|vet|generate|run)|make|mage|task)$/.test(line),
  )
  const downloads = compiles || lines.some((line) => /^go (?:mod|get|list)$/.test(line))
  const home = env.get('GOPATH')?.split(':')[0] ?? '/root/go'
  return [
    ...(downloads ? [env.get('GOMODCACHE') ?? `${home}/pkg/mod`] : []),
    ...(compiles ? [env.get('GOCACHE') ?? '/root/.cache/go-build'] : []),
  ]
}
