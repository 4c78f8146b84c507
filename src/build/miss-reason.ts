import { canonicalJson, type Json } from '../base/index.ts'
import { sha256 } from '../image/index.ts'
import { stepKey } from './key.ts'
import type { BuildStore, StepAccount } from './ports.ts'

/** One field of a step's key that differs from an earlier step's; undefined where a key has no such field. */
export type KeyDifference = {
  readonly field: string
  /** Null where the values are not to be shown: variables, which may be nobody's business. */
  readonly was: string | null
  readonly now: string | null
  /** In people's words. */
  readonly says: string
}

/** Where the preimage of the last step of this title is kept, to tell later what changed. */
export function titleKey(title: string): ReturnType<typeof stepKey>['key'] {
  return stepKey({ op: 'title', title: sha256(title) }).key
}

/** The step that this title had the last time, in whatever build. */
export function lastOfTitle(
  store: Pick<BuildStore, 'preimage' | 'findStep'>,
  title: string,
): StepAccount['before'] {
  const key = titleKey(title)
  const preimage = store.preimage(key)
  return preimage === undefined ? null : { preimage, layer: store.findStep(key)?.layer ?? null }
}

/** Why a step ran: the fields of its key that differ from the last step with the same title, in people's words. */
export function missReason(before: Json | undefined, now: Json): string {
  if (before === undefined) return 'no step with this title was built before'
  const changed = keyDifferences(before, now)
  return changed.length === 0
    ? 'the record of the step, or its layer, is gone'
    : changed.map(({ says }) => says).join('; ')
}

/** What a person changed comes first, what follows from an earlier step last. */
export function keyDifferences(before: Json, now: Json): readonly KeyDifference[] {
  const [old, present] = [fieldsOf(before), fieldsOf(now)]
  return [...new Set([...Object.keys(old), ...Object.keys(present)])]
    .sort(byMeaning)
    .filter((field) => shown(old[field]) !== shown(present[field]))
    .map((field) => {
      const secret = field === 'env'
      const [was, is] = [shown(old[field]), shown(present[field])]
      const says = describe(field, old[field], present[field])
      return { field, was: secret ? null : was, now: secret ? null : is, says }
    })
}

function byMeaning(a: string, b: string): number {
  return Number(a === 'parent') - Number(b === 'parent') || (a < b ? -1 : 1)
}

function describe(name: string, old: Json | undefined, now: Json | undefined): string {
  if (name === 'parent') return 'the step or image below it changed'
  if (name === 'files') return 'the files that it copies changed (content, mode, owner or name)'
  if (name === 'from') return 'the stage or image that it copies from changed'
  if (name === 'version') return 'this jettison has another form of keys'
  if (name === 'env' && Array.isArray(old) && Array.isArray(now)) return describeEnv(old, now)
  if (name === 'mounts' && Array.isArray(old) && Array.isArray(now)) return describeMounts(old, now)
  return `${name} was ${short(old)} and is ${short(now)}`
}

/** A bind mount's files are one digest: what they changed to tells nobody anything. */
function describeMounts(old: readonly Json[], now: readonly Json[]): string {
  const without = (mount: Json | undefined): string =>
    shown({ ...fieldsOf(mount ?? null), files: '' })
  const same =
    old.length === now.length && old.every((mount, at) => without(mount) === without(now[at]))
  if (!same) return `mounts was ${short([...old])} and is ${short([...now])}`
  const targets = now
    .filter((mount, at) => shown(mount) !== shown(old[at]))
    .map((mount) => String(fieldsOf(mount)['target']))
  return `the files that it mounts at ${targets.join(', ')} changed`
}

/** Names only: values may be long, or nobody's business. */
function describeEnv(old: readonly Json[], now: readonly Json[]): string {
  const lines = (list: readonly Json[]): Set<string> => new Set(list.map(String))
  const [before, after] = [lines(old), lines(now)]
  const changed = [...before, ...after].filter((line) => !before.has(line) || !after.has(line))
  const names = [...new Set(changed.map((line) => line.split('=', 1)[0] ?? ''))]
  return `the environment differs in ${names.join(', ') || 'its order'}`
}

function fieldsOf(preimage: Json): Readonly<Record<string, Json | undefined>> {
  return typeof preimage === 'object' && preimage !== null && !Array.isArray(preimage)
    ? (preimage as Readonly<Record<string, Json>>)
    : {}
}

function shown(value: Json | undefined): string {
  return value === undefined ? '' : canonicalJson(value)
}

function short(value: Json | undefined): string {
  const full = shown(value) || 'nothing'
  return full.length > 80 ? `${full.slice(0, 77)}...` : full
}
