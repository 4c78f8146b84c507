import { canonicalJson, type Json } from '../base/index.ts'
import { sha256 } from '../image/index.ts'
import { stepKey } from './key.ts'
import type { BuildStore } from './ports.ts'

/** Where the preimage of the last step of this title is kept, to tell later what changed. */
export function titleKey(title: string): ReturnType<typeof stepKey>['key'] {
  return stepKey({ op: 'title', title: sha256(title) }).key
}

/** Why a step ran: the fields of its key that differ from the last step with the same title, in people's words. */
export function missReason(store: Pick<BuildStore, 'preimage'>, title: string, now: Json): string {
  const before = store.preimage(titleKey(title))
  if (before === undefined) return 'no step with this title was built before'
  const [old, present] = [fieldsOf(before), fieldsOf(now)]
  const names = [...new Set([...Object.keys(old), ...Object.keys(present)])].sort(byMeaning)
  const changed = names.filter((name) => text(old[name]) !== text(present[name]))
  if (changed.length === 0) return 'the record of the step, or its layer, is gone'
  return changed.map((name) => describe(name, old[name], present[name])).join('; ')
}

/** What a person changed comes first, what follows from an earlier step last. */
function byMeaning(a: string, b: string): number {
  return Number(a === 'parent') - Number(b === 'parent') || (a < b ? -1 : 1)
}

function describe(name: string, old: Json | undefined, now: Json | undefined): string {
  if (name === 'parent') return 'the step or image below it changed'
  if (name === 'files') return 'the files that it copies changed (content, mode, owner or name)'
  if (name === 'from') return 'the stage or image that it copies from changed'
  if (name === 'version') return 'this jettison has another form of keys'
  if (name === 'env' && Array.isArray(old) && Array.isArray(now)) return describeEnv(old, now)
  return `${name} was ${short(old)} and is ${short(now)}`
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

function text(value: Json | undefined): string {
  return value === undefined ? '' : canonicalJson(value)
}

function short(value: Json | undefined): string {
  const full = value === undefined ? 'nothing' : canonicalJson(value)
  return full.length > 80 ? `${full.slice(0, 77)}...` : full
}
