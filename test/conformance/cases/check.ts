import type { Outcome } from '../engines/types.ts'
import type { FileState, ImageState } from '../image/types.ts'
import type { Step, Wanted } from './types.ts'

/** What is wrong with the outcome of a step, one line each; empty when it is as the case says. */
export function checkStep(
  step: Step,
  outcome: Outcome,
  earlier: readonly Outcome[],
  base: ImageState | undefined,
): string[] {
  if (step.refused) return checkRefusal(step.refused, outcome)
  if (outcome.kind === 'refused') return [`refused: ${tail(outcome.log)}`]
  const { image } = outcome
  return [
    ...(step.says && !step.says.test(outcome.log) ? [`the output does not say ${step.says}`] : []),
    ...checkFiles(step, image, base),
    ...checkConfig(step, image),
    ...checkHistory(step, image, base),
    ...checkRelation(step, image, earlier),
  ]
}

function checkRefusal(wanted: RegExp, outcome: Outcome): string[] {
  if (outcome.kind === 'image') return ['was built, and should have been refused']
  return wanted.test(outcome.log) ? [] : [`refused without ${wanted}: ${tail(outcome.log)}`]
}

function checkFiles(step: Step, image: ImageState, base: ImageState | undefined): string[] {
  if (!step.files) return []
  const wanted = Object.entries(step.files)
  const wrong = wanted.flatMap(([path, want]) => checkFile(path, want, image.files[path]))
  if (step.more) return wrong
  const known = new Set<string>(['/', ...Object.keys(base?.files ?? {})])
  for (const [path] of wanted) {
    const parts = path.split('/')
    for (let depth = 1; depth <= parts.length; depth++) known.add(parts.slice(0, depth).join('/'))
  }
  const extra = Object.keys(image.files).filter((path) => !known.has(path) && !isMountPoint(path))
  return [...wrong, ...extra.map((path) => `${path} should not be there`)]
}

/** BuildKit leaves the mount points that its runtime made on an image without them. */
function isMountPoint(path: string): boolean {
  return /^\/(?:proc|sys|dev|etc)$/.test(path)
}

function checkFile(path: string, want: Wanted, found: FileState | undefined): string[] {
  if (want === null) return found ? [`${path} should not be there (${found.type})`] : []
  if (!found) return [`${path} is missing`]
  const { xattrs, ...fields } = typeof want === 'string' ? { text: want } : want
  const all = { ...(Object.hasOwn(fields, 'text') ? { type: 'file' } : {}), ...fields }
  const wrong = Object.entries(all).flatMap(([name, value]) => {
    const has = found[name as keyof FileState]
    return has === value ? [] : [`${path}: ${name} is ${show(has)}, not ${show(value)}`]
  })
  const attributes = Object.entries(xattrs ?? {}).flatMap(([name, value]) => {
    const has = found.xattrs?.[name]
    const text = has === undefined ? null : Buffer.from(has, 'base64').toString()
    return text === value ? [] : [`${path}: ${name} is ${show(text)}, not ${show(value)}`]
  })
  return [...wrong, ...attributes]
}

function checkConfig(step: Step, image: ImageState): string[] {
  return Object.entries(step.config ?? {}).flatMap(([name, value]) => {
    const has = image.config[name as keyof ImageState['config']]
    const [a, b] = [has, value].map((item) => JSON.stringify(sorted(item)))
    return a === b ? [] : [`config ${name} is ${a}, not ${b}`]
  })
}

/** An empty list says as little as none. */
function sorted(value: unknown): unknown {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return null
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function checkHistory(step: Step, image: ImageState, base: ImageState | undefined): string[] {
  if (!step.history) return []
  const has = image.history
    .slice(base?.history.length ?? 0)
    .map(({ created_by = '', empty_layer }) => `${empty_layer ? '-' : ''}${created_by}`)
  const [a, b] = [has, step.history].map((lines) => lines.join('\n'))
  return a === b ? [] : [`history is\n${a}\nand not\n${b}`]
}

function checkRelation(step: Step, image: ImageState, earlier: readonly Outcome[]): string[] {
  const { same, differs } = step
  const at = (index: number, path: string): string | undefined => {
    const outcome = earlier[index]
    return outcome?.kind === 'image' ? outcome.image.files[path]?.digest : undefined
  }
  const wrong: string[] = []
  if (same && at(same.step, same.path) !== image.files[same.path]?.digest)
    wrong.push(`${same.path} was made again, and should have come from the cache`)
  if (differs && at(differs.step, differs.path) === image.files[differs.path]?.digest)
    wrong.push(`${differs.path} came from the cache, and should have been made again`)
  return wrong
}

function tail(log: string): string {
  return log.trim().split('\n').slice(-12).join('\n')
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
