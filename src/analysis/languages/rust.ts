import { nameOf, parentOf } from '../canonical.ts'
import { textAt } from '../text.ts'
import { factOf, wholeClaim } from './rules.ts'
import type { Survey } from './survey.ts'
import type { Claim } from './types.ts'

/**
 * rustup's toolchains, cargo's home and what cargo leaves in a target directory beside the programs it made.
 * Programs of `cargo install` are apps.
 */
export function rustClaims(survey: Survey): readonly Claim[] {
  const isUsed = survey.starts(/^(?:cargo|rustc|rustup)$/)
  const toolchains = survey.marks('rust-toolchain').flatMap(({ path }): readonly Claim[] => {
    const root = parentOf(parentOf(path))
    // Outside of a directory of its own only what lies below `lib/rustlib` is surely Rust's.
    const own = /\/toolchains\/[^/]+$/.test(root) ? root : path
    const what = own === root ? `Rust ${nameOf(root)}` : own
    const fact = isUsed
      ? factOf('runtime', what, 'the image starts it')
      : factOf('compilers', what, 'a toolchain, by its lib/rustlib')
    return [wholeClaim(own, fact)]
  })
  return [
    ...toolchains,
    ...survey.marks('rustup').flatMap(({ path }) => homeClaim(survey, path, isUsed)),
    ...survey.marks('cargo-target').map(({ path }) => targetClaim(survey, parentOf(path))),
  ]
}

/** What rustup puts into `bin`: links to itself under these names. */
const proxies =
  /^bin\/(?:rustup|cargo|rustc|rustdoc|rustfmt|rls|rust-(?:gdb|gdbgui|lldb|analyzer)|cargo-(?:fmt|clippy|miri)|clippy-driver)$/

function homeClaim({ tree }: Survey, rustup: string, isUsed: boolean): readonly Claim[] {
  const root = parentOf(parentOf(rustup))
  if (nameOf(parentOf(rustup)) !== 'bin' || root === '/' || root.startsWith('/usr/bin')) return []
  const installed = installedBy(textAt(tree, `${root}/.crates.toml`, 1024 * 1024) ?? '')
  const tool = isUsed
    ? factOf('runtime', root, 'the image starts it')
    : factOf('compilers', root, 'programs of rustup and cargo')
  const cache = factOf('package-caches', root, 'sources of crates, for the next build')
  return [
    {
      root,
      classify: (rest) => {
        if (/^(?:registry|git)\//.test(rest)) return isUsed ? tool : cache
        if (!rest.startsWith('bin/') || proxies.test(rest)) return tool
        const crate = installed.get(nameOf(rest))
        return crate === undefined
          ? factOf('app', `${root}/${rest}`, 'a program beside those of rustup')
          : factOf('app', `${crate} (cargo)`, 'cargo install put it there')
      },
    },
  ]
}

/** `"ripgrep 14.1.0 (registry+…)" = ["rg"]` → `rg` of `ripgrep 14.1.0`. */
function installedBy(text: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>()
  for (const [, crate = '', programs = ''] of text.matchAll(/^"(\S+ \S+) [^"]*" = \[([^\]]*)\]/gm))
    for (const [, program = ''] of programs.matchAll(/"([^"]+)"/g)) out.set(program, crate)
  return out
}

/** cargo marks a target directory with `.rustc_info.json`; its layout is `[TRIPLE/]PROFILE/…` (doc.rust-lang.org/cargo). */
function targetClaim({ isStarted }: Survey, root: string): Claim {
  const objects = factOf('static-libraries', root, 'libraries that cargo compiled for linking')
  const rest = factOf('package-caches', root, 'what cargo keeps for the next build')
  return {
    root,
    classify: (path, entry) => {
      if (isStarted(entry.path)) return undefined
      // The program's other name: cargo links it into the directory of its profile.
      if (entry.hardlinkGroup !== undefined && /\/deps\/[\w-]+$/.test(path)) return undefined
      const inner = /^(?:[^/]+\/){1,2}(?:deps|build|incremental|\.fingerprint)\//.test(path)
      if (/\.(?:rlib|rmeta|a|o)$/.test(path)) return objects
      if (
        inner ||
        /\.d$|(?:^|\/)(?:\.rustc_info\.json|CACHEDIR\.TAG|\.cargo-[\w-]*lock)$/.test(path)
      )
        return rest
      return undefined
    },
  }
}
