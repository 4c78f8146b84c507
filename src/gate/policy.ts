import type { PolicyKind } from './define.ts'
import type { OptionsOf } from './options.ts'
import { policyKinds } from './policies/index.ts'
import type { Level } from './types.ts'

type Kinds = typeof policyKinds

export type PolicyId = keyof Kinds

/** One policy of `jettison.yaml` with its options, already checked; `level` is error unless given. */
export type Policy = {
  readonly [Id in PolicyId]: { readonly id: Id; readonly level?: Level } & OptionsOf<
    Kinds[Id]['options']
  >
}[PolicyId]

export const policyIds = Object.keys(policyKinds) as readonly PolicyId[]

/** The kind behind an id, its options' types forgotten: they were checked by its own table. */
export function kindOf(id: PolicyId): PolicyKind {
  return policyKinds[id] as unknown as PolicyKind
}
