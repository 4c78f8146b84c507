import type { Missing, Proof } from './verdict.ts'

/**
 * What the lean image lacks according to the failures of a proof, each thing once, libraries before the modules and
 * logs that fail because of them: the order in which a repair should try.
 */
export function missingFromProof(proof: Proof): readonly Missing[] {
  const found = new Map<string, Missing>()
  for (const { status, evidence } of proof.rungs) {
    if (status !== 'fail') continue
    for (const { missing } of evidence) {
      if (!missing) continue
      const key = keyOf(missing)
      // P3 knows the package that provides it, the log of the same failure does not.
      const known = found.get(key)
      if (!known || ('package' in missing && !('package' in known))) found.set(key, missing)
    }
  }
  return [...found.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

const order: readonly Missing['kind'][] = [
  'package',
  'interpreter',
  'library',
  'symbol-versions',
  'distribution',
  'program',
  'file',
  'user',
  'module',
]

function keyOf(missing: Missing): string {
  switch (missing.kind) {
    case 'library':
      return `library ${missing.soname}`
    case 'symbol-versions':
      return `versions ${missing.library} ${missing.versions.join()}`
    case 'interpreter':
    case 'file':
      return `file ${missing.path}`
    case 'package':
    case 'module':
    case 'program':
    case 'user':
    case 'distribution':
      return `${missing.kind} ${missing.name}`
  }
}
