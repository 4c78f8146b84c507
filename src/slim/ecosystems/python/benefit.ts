import type { ChosenBase } from '../../bases/index.ts'
import type { Found } from '../../split/index.ts'
import type { Refusal } from '../../types.ts'
import { installsPython } from './environment.ts'
import type { PythonEvidence } from './evidence.ts'
import type { Requirement } from './requirements.ts'

/**
 * Refuses when no stage would be left behind that a smaller base does not leave behind as well: nothing is compiled, and
 * either no build tool is named or no package has native code.
 */
export function refuseSlimBase({
  base,
  evidence,
  requirements,
  found,
}: {
  readonly base: ChosenBase
  readonly evidence: PythonEvidence
  readonly requirements: readonly Requirement[]
  readonly found: Found
}): Refusal | null {
  const { runs, buildPackages: tools, runtimePackages: packages } = found
  const usesTools = [...runs.values()].some((run) =>
    (run.commands ?? []).some(
      ({ role, command }) => role.kind === 'tool' && !installsPython(command),
    ),
  )
  const unknown = [...runs.values()].some((run) => run.commands === null)
  const fetches = requirements.some((one) => one.kind === 'vcs')
  const { compiled, native, distributions } = evidence
  const helps =
    compiled.length > 0 ||
    usesTools ||
    unknown ||
    fetches ||
    (tools.length > 0 && native.length > 0)
  if (helps) return null
  const names = tools.map((one) => one.name)
  const needs = packages.filter((one) => one.because.some((reason) => reason.kind !== 'named'))
  return {
    code: 'slim-base-is-enough',
    message: 'nothing is compiled, so a slim base and a .dockerignore are enough',
    details: [
      `${distributions.length} Python packages, ${native.length} with native code, 0 compiled here`,
      ...(base.kind === 'lean' ? [`change the base: FROM ${base.text}`] : []),
      ...(names.length > 0
        ? [`nothing uses what apt-get installs for building: remove ${names.join(' ')}`]
        : []),
      ...(needs.length > 0
        ? [`the slim base lacks, so install: ${needs.map((one) => one.name).join(' ')}`]
        : []),
      'add a .dockerignore with .git and **/__pycache__',
    ],
  }
}
