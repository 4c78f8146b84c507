import { type Digest, sha256 } from '../../image/index.ts'
import type { SecondaryEntrypoint } from '../entrypoints/index.ts'
import type { ContainerOptions } from '../ports.ts'

/** A setting whose value is not in the file: a digest tells whether a value that is given again is the same. */
export type KeptSetting = {
  readonly name: string
  /** sha256 of salt, NUL and value. */
  readonly digest: Digest
}

/** Options of a container with the values of its environment kept out. */
export type KeptOptions = Omit<ContainerOptions, 'env'> & { readonly env?: readonly KeptSetting[] }

export type KeptEntrypoint = Omit<SecondaryEntrypoint, 'options' | 'help'> & {
  readonly options: KeptOptions
  readonly help?: KeptOptions | undefined
}

/** `KEY=value` without its value. `salt` is the record's own, so that two files do not show that they share a value. */
export function keepSetting(salt: string, pair: string): KeptSetting {
  const at = pair.indexOf('=')
  const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
  return { name, digest: sha256(`${salt}\0${value}`) }
}

/** An entrypoint as a record holds it. */
export function keepEntrypoint(
  salt: string,
  { help, ...one }: SecondaryEntrypoint,
): KeptEntrypoint {
  return {
    ...one,
    options: keepOptions(salt, one.options),
    ...(help === undefined ? {} : { help: keepOptions(salt, help) }),
  }
}

function keepOptions(salt: string, { env, ...rest }: ContainerOptions): KeptOptions {
  return { ...rest, ...(env ? { env: env.map((pair) => keepSetting(salt, pair)) } : {}) }
}

/** Gives settings of a record their values again, out of what a replay has at hand; notes those that it has not. */
export type Recovery = {
  readonly settings: (kept: readonly KeptSetting[]) => readonly string[]
  readonly entrypoint: (kept: KeptEntrypoint) => SecondaryEntrypoint
  /** Names of settings of which no value at hand has the digest, each once. */
  readonly lost: () => readonly string[]
}

/** @param atHand `KEY=value` of wherever values may come from; several values of one name may be tried */
export function recovery(salt: string, atHand: readonly string[]): Recovery {
  const known = new Map(
    atHand.map((pair) => {
      const { name, digest } = keepSetting(salt, pair)
      return [`${name} ${digest}`, pair]
    }),
  )
  const lost = new Set<string>()
  const settings: Recovery['settings'] = (kept) =>
    kept.flatMap(({ name, digest }) => {
      const pair = known.get(`${name} ${digest}`)
      if (pair === undefined) lost.add(name)
      return pair === undefined ? [] : [pair]
    })
  const options = ({ env, ...rest }: KeptOptions): ContainerOptions => ({
    ...rest,
    ...(env ? { env: settings(env) } : {}),
  })
  return {
    settings,
    entrypoint: ({ help, ...one }) => ({
      ...one,
      options: options(one.options),
      help: help === undefined ? undefined : options(help),
    }),
    lost: () => [...lost],
  }
}
