import type { FileTree } from '../../../image/index.ts'
import type { InstructionFacts } from '../../facts/index.ts'
import { compiledEcosystem, type Project } from '../compiled/index.ts'
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
    cleans: /^cargo (?:clean|cache)\b/,
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
 * Where this image's Cargo keeps crates, for a RUN that may download them. What it compiles lies in `target`, beside the
 * program: a mount there only when nothing of it is copied and no other line looks into it.
 */
function caches(
  { instruction, run, before }: InstructionFacts,
  project: Project,
): readonly string[] {
  const lines = (run?.commands ?? []).map(({ name, words }) =>
    name === 'cargo'
      ? `cargo ${words.find(({ text }) => /^\w/.test(text) && text !== 'cargo')?.text}`
      : name,
  )
  if (!lines.some((line) => cargo.test(line))) return []
  const home = before.env.get('CARGO_HOME') ?? '/root/.cargo'
  const target = before.env.get('CARGO_TARGET_DIR') ?? `${before.workdir.replace(/\/$/, '')}/target`
  const others = project.stage.instructions.filter(
    (one) => one.run && one.instruction !== instruction,
  )
  const isOwn =
    lines.some((line) => /^cargo (?:build|b|install)$/.test(line)) &&
    !others.some((one) =>
      /\btarget\b|\bcargo\b/.test(
        project.text.slice(one.instruction.range.start, one.instruction.range.end),
      ),
    ) &&
    !project.keepsBelow(target)
  return [`${home}/registry`, ...(isOwn ? [target] : [])]
}

const cargo = /^(?:cargo (?:build|b|install|fetch|check|test|rustc|chef|run|vendor)|make|just)$/
