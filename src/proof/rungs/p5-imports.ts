import { count, type Finding, type Rung, type RungInput, verdictOf } from '../rung.ts'
import { signOf } from '../session/index.ts'
import { marker, type Sweep, sweepers } from '../sweeps/index.ts'
import type { Evidence } from '../verdict.ts'

/** P5: modules that load in fat load in lean, tried with each image's own interpreter. */
export const importsRung: Rung = {
  id: 'P5',
  title: 'Import sweep',
  runs: true,
  examine: examineImports,
}

/** Milliseconds for a whole sweep. */
const sweepMs = 600_000

/** By module name: null when it can be imported, else the error. */
type Loaded = ReadonlyMap<string, string | null>

async function examineImports(input: RungInput): Promise<Finding> {
  const failures: Evidence[] = []
  const notes: Evidence[] = []
  const unproven: string[] = []
  let examined = 0
  const all = sweepers.flatMap(({ sweepsOf }) => sweepsOf(input))
  for (const one of all.filter(({ modules }) => modules.length > 0)) {
    const { interpreter, modules } = one
    const fat = await sweep(input, 'fat', one, modules)
    const working = 'problem' in fat ? [] : modules.filter((name) => fat.found.get(name) === null)
    if ('problem' in fat) {
      unproven.push(`${interpreter} in fat: ${fat.problem}`)
      continue
    }
    notes.push(...brokenInFat(fat.found))
    if (working.length === 0) continue
    const lean = await sweep(input, 'lean', one, working)
    examined += working.length
    if ('problem' in lean)
      failures.push({
        message: `the sweep does not run in lean: ${lean.problem}`,
        subject: interpreter,
      })
    else failures.push(...differences(one, working, lean.found))
  }
  if (examined === 0 && unproven.length === 0) return nothingToImport(all, notes)
  const finding = verdictOf({
    examined,
    failures,
    notes: [...notes, ...unproven.map((message) => ({ message }))],
    passed: `${count(examined, 'module')} loaded in both`,
    failed: `${count(failures.length, 'module')} do not load in lean: ${failures[0]?.subject ?? ''}`,
    nothing: `no module was loaded: ${unproven.join('; ')}`,
  })
  return unproven.length > 0 && finding.status === 'pass'
    ? { ...finding, status: 'unproven', summary: unproven.join('; ') }
    : finding
}

/** Without any module above the base there is nothing to load; with some, none of which works, it is open. */
function nothingToImport(all: readonly Sweep[], notes: readonly Evidence[]): Finding {
  const reason =
    all.length === 0
      ? 'no Python environment, no native addon of Node, no extension of Ruby'
      : 'no module above the base'
  if (notes.length > 0)
    return {
      status: 'unproven',
      summary: 'no module can be loaded in fat',
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

async function sweep(
  { fat, lean, runner, signal }: RungInput,
  which: 'fat' | 'lean',
  { interpreter, command: commandFor }: Sweep,
  modules: readonly string[],
): Promise<{ readonly found: Loaded } | { readonly problem: string }> {
  const side = which === 'fat' ? fat : lean
  const command = commandFor(modules)
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
function parseSweep(stdout: string): Loaded {
  const found = new Map<string, string | null>()
  for (const line of stdout.split('\n')) {
    if (!line.startsWith(marker)) continue
    const [name, error] = JSON.parse(line.slice(marker.length)) as readonly [string, string | null]
    if (name !== '') found.set(name, error)
  }
  return found
}

function brokenInFat(found: Loaded): readonly Evidence[] {
  return [...found]
    .filter((entry): entry is [string, string] => entry[1] !== null)
    .map(([name, error]) => ({
      message: `${name} cannot be loaded in fat either`,
      subject: name,
      fat: error,
    }))
}

function differences(
  { verb }: Sweep,
  working: readonly string[],
  lean: Loaded,
): readonly Evidence[] {
  return working.flatMap((name): readonly Evidence[] => {
    const error = lean.get(name) ?? null
    if (error === null) return []
    const missing = signOf(error)?.missing ?? { kind: 'module' as const, name, error }
    const named = missing.kind === 'library' ? { ...missing, neededBy: name } : missing
    return [
      {
        message: `${verb} ${name} fails in lean: ${error}`,
        subject: name,
        fat: 'loaded',
        lean: error,
        missing: named,
      },
    ]
  })
}
