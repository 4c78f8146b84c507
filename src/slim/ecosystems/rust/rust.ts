import type { FileTree } from '../../../image/index.ts'
import type { InstructionFacts } from '../../facts/index.ts'
import { compiledEcosystem } from '../compiled/index.ts'
import type { Ecosystem } from '../types.ts'

/** Rust with Cargo: packages and workspaces, `cargo build` and `cargo install`. */
export const rust: Ecosystem = compiledEcosystem(
  {
    name: 'rust',
    what: 'Rust',
    bases: /^rust$/,
    made: isRustProgram,
    whenRun: {
      command: /^(?:cargo (?:\+\S+ )?(?:run|watch|test|build)|cargo-watch|bacon|trunk serve)\b/,
      advice:
        'build in the Dockerfile (RUN cargo build --release) and start ./target/release/PROGRAM',
    },
    caches,
  },
  [
    {
      path: /^(?:\/usr\/local\/|\/root\/\.)cargo\/(?:registry|git)(?:\/|$)/,
      what: "Cargo's registry",
      when: 'always',
    },
  ],
)

/** Panics name their place in the standard library: `/rustc/HASH/library/…`, or where a distribution built it. */
export function isRustProgram(tree: FileTree, path: string): boolean {
  const bytes = Buffer.from(tree.read(path))
  return (
    bytes.includes('/rustc/') ||
    bytes.includes('library/std/src/') ||
    bytes.includes('RUST_BACKTRACE')
  )
}

/**
 * Where this image's Cargo keeps crates, for a RUN that may download them. What it compiles is no cache for a mount:
 * `target` holds the program, and Cargo trusts times of files, so that one left by another build may pass for this one's.
 */
function caches({ run, before }: InstructionFacts): readonly string[] {
  const downloads = (run?.commands ?? []).some(({ name, words }) => {
    const verb = words.slice(1).find(({ text }) => /^\w/.test(text))?.text ?? ''
    return /^(?:make|just)$/.test(name) || (name === 'cargo' && verbs.test(verb))
  })
  return downloads ? [`${before.env.get('CARGO_HOME') ?? '/root/.cargo'}/registry`] : []
}

const verbs = /^(?:build|b|install|fetch|check|test|rustc|chef|run|vendor)$/
