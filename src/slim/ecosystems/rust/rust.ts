import type { FileTree } from '../../../image/index.ts'
import { compiledEcosystem } from '../compiled/index.ts'
import type { Ecosystem } from '../types.ts'

/**
 * Rust with Cargo: packages and workspaces, `cargo build` and `cargo install`. The builder stays byte for byte: a cache
 * mount would save the download of crates, and cost compiling everything once more, because what is compiled lies in
 * `target`, beside the program.
 */
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
