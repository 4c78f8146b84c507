import { systemPackages } from '../../src/analysis/index.ts'
import { type Dockerfile, parseDockerfile, stagesOf } from '../../src/dockerfile/index.ts'
import { type ImageConfig, sha256 } from '../../src/image/index.ts'
import { lintDockerfile } from '../../src/lint/index.ts'
import { gatherFacts, planSlim, rewriteDockerfile } from '../../src/slim/index.ts'
import { memoryTree, type Spec } from '../support/memory-tree.ts'

/** What became of one Dockerfile. */
export type Row = {
  readonly path: string
  readonly errors: number
  readonly findings: number
  readonly stages: number
  readonly ecosystem: string | null
  /** `plan`, or the code of the refusal. */
  readonly outcome: string
  /** False when the text of a plan has errors that the Dockerfile has not. */
  readonly planParses: boolean
  readonly crash: string | null
}

/**
 * Parses, lints and plans a Dockerfile by its text. No image is built: the planner sees one in which every RUN has left
 * one file in a directory of its own (and a compiler, where it names one) and every COPY one where it says, so outcomes are about form, not about bytes.
 */
export function surveyed(path: string, text: string): Row {
  const { value: dockerfile, diagnostics } = parseDockerfile(text)
  const errors = diagnostics.filter((one) => one.severity === 'error').length
  const row: Row = {
    ...{ path, errors, findings: 0, stages: stagesOf(dockerfile).stages.length },
    ...{ ecosystem: null, outcome: 'none', planParses: true, crash: null },
  }
  try {
    const findings = lintDockerfile({ source: { name: path, text } }).findings.length
    const planned = planSlim(inputOf(dockerfile))
    if (planned.kind === 'refusal')
      return {
        ...row,
        findings,
        ecosystem: planned.ecosystem ?? null,
        outcome: planned.refusal.code,
      }
    const lean = parseDockerfile(rewriteDockerfile(dockerfile, planned.plan))
    const worse = lean.diagnostics.filter((one) => one.severity === 'error').length > errors
    return {
      ...row,
      ...{ findings, ecosystem: planned.plan.ecosystem, outcome: 'plan', planParses: !worse },
    }
  } catch (error) {
    return { ...row, crash: error instanceof Error ? (error.stack ?? error.message) : `${error}` }
  }
}

/** Words of install lines that bring a compiler. */
const buildTools = /\b(?:gcc|g\+\+|clang|build-essential|build-base|alpine-sdk)(?![\w-])|-dev\b/

function inputOf(dockerfile: Dockerfile): Parameters<typeof planSlim>[0] {
  const stages = stagesOf(dockerfile).stages
  const chain = stages.slice(-1)
  for (let parent = parentOf(); parent; parent = parentOf()) chain.unshift(parent)
  const made = chain
    .flatMap((one) => one.instructions)
    .flatMap((one) =>
      one.kind === 'run' || one.kind === 'copy' || one.kind === 'add' ? [one] : [],
    )
  const layers = made.map((one, index): Record<string, Spec> => {
    if (one.kind === 'run')
      return {
        [`/opt/step-${index}/made`]: '',
        ...(buildTools.test(one.rest) ? { '/usr/bin/gcc': { text: 'gcc', mode: 0o755 } } : {}),
      }
    const target = one.destination.text.replace(/[$"'{}]/g, '')
    return { [`${target.startsWith('/') ? '' : '/'}${target.replace(/\/+$/, '')}/copied`]: '' }
  })
  const fatTree = memoryTree([baseOf(chain[0]?.from.image.text ?? ''), ...layers])
  const fatDb = systemPackages(fatTree)
  if (!fatDb) throw new Error('no package database')
  const config = configOf(made.length + 1)
  const context = { has: () => false, readText: () => undefined }
  const facts = gatherFacts({
    ...{ dockerfile, context },
    fat: { tree: fatTree, config },
    base: { layers: 1 },
  })
  return { facts, fatTree, fatDb }

  function parentOf(): (typeof stages)[number] | undefined {
    const first = chain[0]
    const name = first?.from.image.text.toLowerCase()
    return stages.findLast((one) => one.index < (first?.index ?? 0) && one.name === name)
  }
}

function baseOf(reference: string): Record<string, Spec> {
  const release = reference.includes('alpine')
    ? 'ID=alpine\nVERSION_ID=3.20.3\n'
    : reference.includes('ubuntu')
      ? 'ID=ubuntu\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\n'
      : 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'
  return {
    '/etc/os-release': release,
    '/var/lib/dpkg/status':
      'Package: base-files\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n',
    '/var/lib/dpkg/info/base-files.list': '/etc/os-release\n',
  }
}

function configOf(layers: number): ImageConfig {
  return {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: {
      type: 'layers',
      diff_ids: Array.from({ length: layers }, (_, index) =>
        sha256(new TextEncoder().encode(`${index}`)),
      ),
    },
    history: Array.from({ length: layers }, () => ({ created_by: 'RUN' })),
  }
}
