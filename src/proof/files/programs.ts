import { findProgram } from '../../analysis/index.ts'
import { parseShell } from '../../shell/index.ts'
import { ownerName, type Side, targetOf } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { appNames, appSources } from './imports.ts'

type Check = {
  readonly examined: number
  readonly failures: readonly Evidence[]
  readonly notes: readonly Evidence[]
}

/** What CMD, ENTRYPOINT and HEALTHCHECK start in fat starts in lean, and the files they name are there. */
export function missingPrograms(fat: Side, lean: Side): Check {
  const failures: Evidence[] = []
  const notes: Evidence[] = []
  const programs = fat.programs().filter(({ path }) => !isBaseEntrypoint(path, fat, lean))
  const seen = new Set<string>()
  let examined = 0
  for (const { name, path, origin, script, files } of programs) {
    if (seen.has(name)) continue
    seen.add(name)
    const from = script === undefined || script === '-c' ? origin : `${origin}, through ${script}`
    if (path === undefined) {
      if (!find(lean, name))
        notes.push({ message: `${name} (${from}) is not in fat either`, subject: name })
      continue
    }
    examined += 1
    if (!find(lean, name)) failures.push(absent(name, from, path, fat))
    for (const file of files)
      if (!targetOf(lean.tree, file))
        failures.push({
          message: `${file}, which ${name} (${from}) reads, is missing in lean`,
          path: file,
          lean: 'absent',
          missing: { kind: 'file', path: file },
        })
  }
  return { examined, failures, notes }
}

/** The entrypoint of fat's base where lean has that of its own base: settings, which P1 judges. */
export function isBaseEntrypoint(path: string | undefined, fat: Side, lean: Side): boolean {
  const first = fat.config.Entrypoint?.[0]
  if (first === undefined || path !== first || first === lean.config.Entrypoint?.[0]) return false
  const entry = fat.tree.lookup(first)
  return entry !== undefined && entry.layer < fat.subject.baseLayers
}

const call =
  /\b(?:run|call|check_call|check_output|Popen|system|popen|which|exec[lv]p?e?|exec(?:Sync|File|FileSync)?|spawn(?:Sync)?|spawn[lv]p?e?|create_subprocess_exec|create_subprocess_shell|getoutput|getstatusoutput)\s*\(\s*[([]?\s*[frb]{0,2}(["'])([\w./+-]+)/g
const list = /[([]\s*(["'])([\w./+-]+)\1\s*,\s*[frb]{0,2}["']-/g

/**
 * Programs that the app's sources start (`subprocess.run(["ffmpeg", …])`, `shutil.which("git")`, the commands of a
 * shell script that they name), that fat has and lean lacks. Read from the text, so a name built at run time is not seen.
 */
export function missingCalls(fat: Side, lean: Side): Check {
  const failures: Evidence[] = []
  const seen = new Set<string>()
  for (const { path, text } of appSources(fat)) {
    for (const name of scriptCalls(path, text, fat)) {
      const inFat = seen.has(name) ? undefined : find(fat, name)
      if (inFat === undefined) continue
      seen.add(name)
      if (!find(lean, name)) failures.push(absent(name, `run by ${path}`, inFat, fat))
    }
    if (!/\b(?:subprocess|os\.|popen|which|asyncio|pexpect|exec|spawn)/.test(text)) continue
    for (const match of [...text.matchAll(call), ...text.matchAll(list)]) {
      const name = match[2] ?? ''
      if (seen.has(name)) continue
      const inFat = find(fat, name)
      if (inFat === undefined) continue
      seen.add(name)
      if (!find(lean, name)) failures.push(absent(name, `started by ${path}`, inFat, fat))
    }
  }
  return { examined: seen.size, failures, notes: [] }
}

/** Programs that a variable of both images names (`TASK_RUNNER=make`) and that the app asks for by the variable's name. */
export function missingVariablePrograms(fat: Side, lean: Side): Check {
  const named = fat.env.flatMap((line) => {
    const at = line.indexOf('=')
    const [variable, value] = [
      line.slice(0, at),
      line
        .slice(at + 1)
        .trim()
        .split(/\s/)[0] ?? '',
    ]
    const path = /^[\w.+-]+$/.test(value) ? find(fat, value) : undefined
    return path !== undefined && lean.env.includes(line) ? [{ variable, value, path }] : []
  })
  const asked = named.filter(({ variable }) => appNames(fat, variable))
  return {
    examined: asked.length,
    failures: asked
      .filter(({ value }) => !find(lean, value))
      .map(({ variable, value, path }) => absent(value, `named by ENV ${variable}`, path, fat)),
    notes: [],
  }
}

/** Commands of a shell script that another file of the app names; scripts that nobody names are for developers. */
function scriptCalls(path: string, text: string, fat: Side): readonly string[] {
  if (!/\.(?:sh|bash)$/.test(path) && !/^#!.*\b(?:ba|da)?sh\b/.test(text)) return []
  if (!appNames(fat, path.slice(path.lastIndexOf('/') + 1), path)) return []
  return parseShell(text).commands.flatMap(({ name }) => name ?? [])
}

function absent(name: string, from: string, path: string, fat: Side): Evidence {
  const owner = ownerName(fat, path)
  const named = owner === undefined ? {} : { package: owner }
  return {
    message: `${name} (${from}) is missing in lean${owner === undefined ? '' : `; ${owner} provides it in fat`}`,
    subject: name,
    path,
    ...named,
    fat: path,
    lean: 'not found',
    missing: { kind: 'program', name, ...named },
  }
}

function find(side: Side, name: string): string | undefined {
  return findProgram(side.tree, side.subject.config, name)
}
