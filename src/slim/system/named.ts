import { isBuildPackage, kindOfPackage, type PackageDatabase } from '../../analysis/index.ts'
import type { StageFacts, SystemPackage } from '../facts/index.ts'
import type { BuildPackage } from '../types.ts'
import { isBuildOnly } from './build-only.ts'

/** A package that the Dockerfile installs by name. */
export type NamedPackage = SystemPackage & {
  /** Index of the RUN. */
  readonly instruction: number
  readonly buildOnly: boolean
}

/** Every package that `apt-get install` lines of a stage name, in order, each with the judgement of its name. */
export function namedPackages(stage: StageFacts, db: PackageDatabase): readonly NamedPackage[] {
  return stage.instructions.flatMap(({ run }, instruction) =>
    (run?.commands ?? []).flatMap(({ system }) =>
      system?.kind === 'install'
        ? (system.packages ?? []).map((one) => ({
            ...one,
            instruction,
            buildOnly: buildsOnly(one.name, db),
          }))
        : [],
    ),
  )
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
