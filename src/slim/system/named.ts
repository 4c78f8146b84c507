import { isBuildPackage, kindOfPackage, type PackageDatabase } from '../../analysis/index.ts'
import { byCodeUnit, type FileTree, readResolved } from '../../image/index.ts'
import type { RunCommand, StageFacts, SystemPackage } from '../facts/index.ts'
import type { BuildPackage } from '../types.ts'
import { isBuildOnly } from './build-only.ts'

/** A package that the Dockerfile installs by name. */
export type NamedPackage = SystemPackage & {
  /** Index of the RUN. */
  readonly instruction: number
  readonly buildOnly: boolean
}

/**
 * Every package that the install lines of a stage name, in order, each with the judgement of its name; in scripts that a
 * RUN calls too. Where a line does not write them out (a loop, a file), what its layer brought and apt does not call
 * automatic stands for them.
 */
export function namedPackages(
  stage: StageFacts,
  db: PackageDatabase,
  tree: FileTree,
): readonly NamedPackage[] {
  return stage.instructions.flatMap(({ run, layer }, instruction) => {
    const installs = flattened(run?.commands ?? []).flatMap(({ system }) =>
      system?.kind === 'install' ? [system] : [],
    )
    const written = installs.flatMap((one) => one.packages ?? [])
    const unknown = layer !== null && installs.some((one) => one.packages === null)
    const brought = unknown ? broughtBy(layer, db, tree) : []
    const names = new Set(written.map((one) => one.name))
    const added = brought.filter((name) => !names.has(name))
    return [...written, ...added.map((name) => ({ name, text: name }))].map((one) => ({
      ...one,
      instruction,
      buildOnly: buildsOnly(one.name, db),
    }))
  })
}

function flattened(commands: readonly RunCommand[]): readonly RunCommand[] {
  return commands.flatMap((one) => [one, ...flattened(one.inner)])
}

/** Packages whose files came with a layer, without those that only others asked for. */
function broughtBy(layer: number, db: PackageDatabase, tree: FileTree): readonly string[] {
  const states = readResolved(tree, '/var/lib/apt/extended_states') ?? new Uint8Array()
  const automatic = new Set(
    new TextDecoder()
      .decode(states)
      .split('\n\n')
      .filter((one) => /^Auto-Installed: 1$/m.test(one))
      .map((one) => /^Package: (\S+)$/m.exec(one)?.[1]),
  )
  return [...db.packages]
    .filter(([name, { files }]) => {
      const first = files.map((path) => tree.lookup(path)).find((entry) => entry?.kind === 'file')
      return first?.layer === layer && !automatic.has(name)
    })
    .map(([name]) => name)
    .sort(byCodeUnit)
}

/** The build tools among them, each once. */
export function buildPackages(named: readonly NamedPackage[]): readonly BuildPackage[] {
  const names = new Set(named.filter((one) => one.buildOnly).map((one) => one.name))
  return [...names].map((name) => ({
    name,
    because: name.endsWith('-dev') ? 'headers, for compiling only' : 'a build tool',
  }))
}

function buildsOnly(name: string, db: PackageDatabase): boolean {
  const found = db.packages.get(name)
  if (isBuildOnly(name)) return true
  return found !== undefined && (isBuildPackage(found) || kindOfPackage(found) === 'vcs')
}
