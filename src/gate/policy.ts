import type { PolicyKind } from './define.ts'
import type { OptionsOf } from './options.ts'
import { type PolicyKinds, policyKinds } from './policies/index.ts'
import type { Level } from './types.ts'

export type PolicyId = keyof PolicyKinds

/** One policy of `jettison.yaml` with its options, already checked; `level` is error unless given. */
export type Policy = {
  readonly [Id in PolicyId]: { readonly id: Id; readonly level?: Level } & OptionsOf<
    PolicyKinds[Id]['options']
  >
}[PolicyId]

export const policyIds: readonly PolicyId[] = Object.keys(policyKinds) as readonly PolicyId[]

/** The kind behind an id, its options' types forgotten: they were checked by its own table. */
export function kindOf(id: PolicyId): PolicyKind {
  return policyKinds[id] as unknown as PolicyKind
}

export function isPolicyId(id: string): id is PolicyId {
  return (policyIds as readonly string[]).includes(id)
}
