import { moduleNameOf, nativeModulesOf, type PythonEnvironment } from '../../analysis/index.ts'
import { count, type Finding, type Rung, type RungInput, verdictOf } from '../rung.ts'
import { signOf } from '../session/index.ts'
import type { Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { tooling } from './p4-dependencies.ts'
import { sweepScript } from './sweep-script.ts'

/** P5: what can be imported in fat can be imported in lean, tried with each image's own interpreter. */
export const importsRung: Rung = {
  id: 'P5',
  title: 'Import sweep',
  runs: true,
  examine: examineImports,
}

/** Seconds for one module, and milliseconds for a whole sweep. */
const moduleSeconds = 60
const sweepMs = 600_000
const marker = 'jettison-sweep:'

/** By module name: null when it can be imported, else the error. */
type Sweep = ReadonlyMap<string, string | null>

async function examineImports(input: RungInput): Promise<Finding> {
  const failures: Evidence[] = []
  const notes: Evidence[] = []
  const unproven: string[] = []
  let examined = 0
  for (const environment of input.fat.environments()) {
    const modules = modulesOf(environment, input)
    if (modules.length === 0) continue
    const fat = await sweep(input, 'fat', environment.interpreter, modules)
    const working = 'problem' in fat ? [] : modules.filter((name) => fat.found.get(name) === null)
    if ('problem' in fat) {
      unproven.push(`${environment.interpreter} in fat: ${fat.problem}`)
      continue
    }
    notes.push(...brokenInFat(fat.found))
    if (working.length === 0) continue
    const lean = await sweep(input, 'lean', environment.interpreter, working)
    examined += working.length
    if ('problem' in lean)
      failures.push({
        message: `the sweep does not run in lean: ${lean.problem}`,
        subject: environment.interpreter,
      })
    else failures.push(...differences(working, lean.found))
  }
  if (examined === 0 && unproven.length === 0) return nothingToImport(input.fat, notes)
  const finding = verdictOf({
    examined,
    failures,
    notes: [...notes, ...unproven.map((message) => ({ message }))],
    passed: `${count(examined, 'module')} imported in both`,
    failed: `${count(failures.length, 'module')} not importable in lean: ${failures[0]?.subject ?? ''}`,
    nothing: `no module was imported: ${unproven.join('; ')}`,
  })
  return unproven.length > 0 && finding.status === 'pass'
    ? { ...finding, status: 'unproven', summary: unproven.join('; ') }
    : finding
}

/** Without any distribution above the base there is nothing to import; with some, none of which works, it is open. */
function nothingToImport(fat: Side, notes: readonly Evidence[]): Finding {
  const reason =
    fat.environments().length === 0 ? 'no Python environment' : 'no module above the base'
  if (notes.length > 0)
    return {
      status: 'unproven',
      summary: 'no module can be imported in fat',
      evidence: notes,
      examined: 0,
    }
  return {
    status: 'skip',
    summary: reason,
    evidence: [],
    examined: 0,
    notExercised: [`P5: ${reason}`],
  }
}

/** Extension modules, and the top-level packages through which an app reaches them, of what the project installed. */
function modulesOf(
  { prefix, sitePackages, distributions }: PythonEnvironment,
  { fat, lean }: Pick<RungInput, 'fat' | 'lean'>,
): readonly string[] {
  const names = new Set<string>()
  const kept = lean.environments().filter((one) => one.prefix === prefix)
  const isLeft = (key: string): boolean =>
    tooling.has(key) && !kept.some((one) => one.distributions.some((other) => other.key === key))
  for (const distribution of distributions) {
    const entry =
      fat.tree.lookup(`${distribution.path}/METADATA`) ?? fat.tree.lookup(distribution.path)
    if (entry === undefined || entry.layer < fat.subject.baseLayers) continue
    // That pip itself may be left behind is P4's judgement.
    if (isLeft(distribution.key)) continue
    for (const path of distribution.files) {
      const name = topLevelOf(path, sitePackages)
      if (name !== undefined) names.add(name)
    }
    for (const path of nativeModulesOf(distribution)) {
      const name = moduleNameOf(path, sitePackages)
      if (name !== undefined) names.add(name)
    }
  }
  return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/** `flask` for `…/site-packages/flask/__init__.py` and `six` for `…/site-packages/six.py`. */
function topLevelOf(path: string, sitePackages: readonly string[]): string | undefined {
  const site = sitePackages.find((dir) => path.startsWith(`${dir}/`))
  if (site === undefined) return undefined
  return /^([A-Za-z_]\w*)(?:\/__init__)?\.py$/.exec(path.slice(site.length + 1))?.[1]
}

async function sweep(
  { fat, lean, runner, signal }: RungInput,
  which: 'fat' | 'lean',
  interpreter: string,
  modules: readonly string[],
): Promise<{ readonly found: Sweep } | { readonly problem: string }> {
  const side = which === 'fat' ? fat : lean
  const command = ['-c', sweepScript, JSON.stringify(modules), String(moduleSeconds), marker]
  try {
    const options = { entrypoint: [interpreter], command, timeoutMs: sweepMs }
    const { exitCode, stdout, stderr } = await runner.run(side.subject, options, signal)
    const found = parseSweep(stdout)
    if (found.size === modules.length && found.size > 0) return { found }
    const tail = stderr.trim().split('\n').at(-1) ?? ''
    return {
      problem:
        `exit ${exitCode}, ${found.size} of ${modules.length} modules reported. ${tail}`.trim(),
    }
  } catch (error) {
    signal?.throwIfAborted()
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Lines after the marker; what a module prints by itself goes elsewhere. */
function parseSweep(stdout: string): Sweep {
  const found = new Map<string, string | null>()
  for (const line of stdout.split('\n')) {
    if (!line.startsWith(marker)) continue
    const [name, error] = JSON.parse(line.slice(marker.length)) as readonly [string, string | null]
    if (name !== '') found.set(name, error)
  }
  return found
}

function brokenInFat(found: Sweep): readonly Evidence[] {
  return [...found]
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([name, error]) => ({
      message: `${name} cannot be imported in fat either`,
      subject: name,
      fat: error,
    }))
}

function differences(working: readonly string[], lean: Sweep): readonly Evidence[] {
  return working.flatMap((name): readonly Evidence[] => {
    const error = lean.get(name) ?? null
    if (error === null) return []
    const missing = signOf(error)?.missing ?? { kind: 'module' as const, name, error }
    const named = missing.kind === 'library' ? { ...missing, neededBy: name } : missing
    return [
      {
        message: `import ${name} fails in lean: ${error}`,
        subject: name,
        fat: 'imported',
        lean: error,
        missing: named,
      },
    ]
  })
}
