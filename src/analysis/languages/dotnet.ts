import type { FileTree } from '../../image/index.ts'
import { folded, nameOf, parentOf } from '../canonical.ts'
import type { Package } from '../types.ts'
import { asObject, asText, objectAt } from './json.ts'
import { factOf, factsOf, wholeClaim } from './rules.ts'
import type { Survey } from './survey.ts'
import type { Claim, LanguageFact, Reading } from './types.ts'

/**
 * .NET: the parts of an installation (`sdk`, `packs`, `shared`), and the NuGet packages of published apps by their
 * `.deps.json` (github.com/dotnet/sdk, documentation/specs/runtime-configuration-file.md).
 */
export function readDotnet(survey: Survey): Reading {
  const claims: Claim[] = [...installations(survey), ...intermediates(survey)]
  const inside = (path: string): boolean => claims.some(({ root }) => path.startsWith(`${root}/`))
  const packages: Package[] = []
  const files = new Map<string, Claim>()
  for (const { path, kind } of survey.marks('dotnet-deps')) {
    if (kind !== 'file' || inside(path)) continue
    const root = parentOf(path)
    for (const owner of packagesOf(survey.tree, path)) {
      packages.push(owner)
      const fact = factsOf(owner, nameOf(path))()
      const claim: Claim = { root, classify: (rest) => foreign(survey, owner, rest) ?? fact }
      for (const file of owner.files) if (!files.has(file)) files.set(file, claim)
    }
    claims.push({ root, classify: (rest) => besideApp(root, rest) })
  }
  return { claims, files, packages }
}

const forBuilds = /^(?:sdk|packs|templates|template-packs|sdk-manifests|metadata|library-packs)\//

function installations(survey: Survey): readonly Claim[] {
  const { tree } = survey
  const isUsed = survey
    .started()
    .some(
      ({ name, arguments: [verb] }) =>
        nameOf(name) === 'dotnet' &&
        /^(?:run|watch|build|test|publish|msbuild|fsi|tool)$/.test(verb ?? ''),
    )
  const named = frameworksNamed(survey)
  return survey.marks('dotnet-host').flatMap(({ path }): readonly Claim[] => {
    const root = parentOf(path)
    const isHost =
      tree.lookup(path)?.kind === 'file' && tree.lookup(`${root}/shared`)?.kind === 'dir'
    if (!isHost || root === '/') return []
    const sdk = isUsed
      ? factOf('runtime', `${root} SDK`, 'the image starts it')
      : factOf('compilers', `${root} SDK`, 'what only builds read')
    const host = factOf('runtime', root, 'the host that starts apps')
    const frameworks = new Map<string, LanguageFact>()
    return [
      {
        root,
        classify: (rest) => {
          if (forBuilds.test(rest)) return sdk
          const [, name, version] = /^shared\/([^/]+)\/([^/]+)\//.exec(rest) ?? []
          if (name === undefined || version === undefined) return host
          const what = `${name} ${version}`
          const fact =
            frameworks.get(what) ?? frameworkFact(what, named === null || named.has(name))
          frameworks.set(what, fact)
          return fact
        },
      },
    ]
  })
}

/** A framework that no app of the image names may still be for one that is mounted: it is no ballast. */
function frameworkFact(what: string, isNamed: boolean): LanguageFact {
  return isNamed
    ? factOf('runtime', what, 'a shared framework of .NET')
    : { ...factOf('runtime', what, 'no runtimeconfig.json names this framework'), confidence: 'C' }
}

/** Frameworks that apps name, and the one that all of them build on; null where no app says anything. */
function frameworksNamed({ tree, marks }: Survey): ReadonlySet<string> | null {
  const out = new Set(['Microsoft.NETCore.App'])
  const configs = marks('dotnet-runtime').filter(({ path }) => !/\/sdk\/[^/]+\//.test(path))
  for (const { path } of configs) {
    const options = asObject(objectAt(tree, path)?.['runtimeOptions'])
    const list = Array.isArray(options?.['frameworks']) ? options['frameworks'] : []
    for (const one of [options?.['framework'], ...list]) {
      const name = asText(asObject(one)?.['name'])
      if (name !== undefined) out.add(name)
    }
  }
  return configs.length === 0 ? null : out
}

/** `obj` directories of MSBuild: `project.assets.json` is written there only. */
function intermediates({ marks }: Survey): readonly Claim[] {
  return marks('dotnet-assets').map(({ path }) => {
    const root = parentOf(path)
    return wholeClaim(root, factOf('package-caches', root, 'what MSBuild keeps between builds'))
  })
}

function besideApp(root: string, rest: string): LanguageFact | undefined {
  if (rest.endsWith('.pdb')) return factOf('debug-tools', root, 'debug symbols of .NET')
  return undefined
}

/** The packages of one `.deps.json`, with the files that the publish put beside it. */
function packagesOf(tree: FileTree, path: string): readonly Package[] {
  const { libraries, targets } = objectAt(tree, path) ?? {}
  const parts = Object.values(asObject(targets) ?? {}).map((target) => asObject(target) ?? {})
  return Object.entries(asObject(libraries) ?? {}).flatMap(([id, library]): readonly Package[] => {
    if (asText(asObject(library)?.['type']) !== 'package') return []
    const slash = id.lastIndexOf('/')
    if (slash <= 0) return []
    const listed = parts.flatMap((target) => filesOf(asObject(target[id])))
    const files = listed
      .map((file) => folded(`${parentOf(path)}/${file}`))
      .filter((file) => tree.lookup(file)?.kind === 'file')
    return [
      {
        ...{ manager: 'nuget', name: id.slice(0, slash), version: id.slice(slash + 1) },
        ...{ depends: [], provides: [], files: [...new Set(files)] },
      },
    ]
  })
}

/** A publish flattens what is for every platform; resources go to a directory of their locale. */
function filesOf(part: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const keys = (field: string): readonly string[] => Object.keys(asObject(part?.[field]) ?? {})
  const resources = Object.entries(asObject(part?.['resources']) ?? {})
  return [
    ...[...keys('runtime'), ...keys('native')].map(nameOf),
    ...keys('runtimeTargets'),
    ...resources.map(([key, one]) => `${asText(asObject(one)?.['locale']) ?? ''}/${nameOf(key)}`),
  ]
}

/** `runtimes/RID/…` of another system (learn.microsoft.com/dotnet/core/rid-catalog). */
function foreign({ config }: Survey, owner: Package, rest: string): LanguageFact | undefined {
  const rid = /^runtimes\/([^/]+)\//.exec(rest)?.[1]
  if (rid === undefined) return undefined
  const own = config.architecture === 'amd64' ? 'x64' : config.architecture
  const [system = ''] = rid.split(/[-.\d]/)
  const architecture = /-(x64|x86|arm64|arm|armel|s390x|ppc64le|mips64|riscv64|loongarch64)$/.exec(
    rid,
  )?.[1]
  const fits =
    /^(?:linux|unix|any|base|debian|ubuntu|alpine|rhel|fedora|centos|sles|opensuse|tizen)$/.test(
      system,
    ) &&
    (architecture === undefined || architecture === own)
  return fits
    ? undefined
    : factsOf(owner, '')({ category: 'dev-dependencies', why: 'builds for other platforms' })
}
