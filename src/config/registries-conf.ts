import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readOptional, unusable } from './optional-file.ts'
import { parseToml, type TomlTable, type TomlValue } from './toml.ts'

/** One `[[registry]]` of containers-registries.conf(5). */
export type RegistryRule = {
  readonly prefix: string
  readonly location: string
  readonly insecure: boolean
  readonly blocked: boolean
  readonly mirrors: readonly {
    readonly location: string
    readonly insecure: boolean
    readonly pull: 'all' | 'digest-only' | 'tag-only'
  }[]
}

/**
 * The registries of a `registries.conf`, version 2, and of the `*.conf` in the folder `registries.conf.d` beside it: of
 * two entries for a prefix the later one counts. Short names are Docker's here, so `unqualified-search-registries` is
 * not used.
 * @throws Fault CONFIG_INVALID
 */
export function readRegistriesConf(file: string): readonly RegistryRule[] {
  const rules = new Map<string, RegistryRule>()
  for (const path of [file, ...dropIns(`${file}.d`)]) {
    const text = readOptional(path)
    if (text === null) continue
    for (const rule of rulesOf(path, text)) rules.set(rule.prefix, rule)
  }
  return [...rules.values()]
}

function dropIns(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.conf'))
    return names.sort((a, b) => (a < b ? -1 : 1)).map((name) => join(folder, name))
  } catch {
    return []
  }
}

function rulesOf(path: string, text: string): readonly RegistryRule[] {
  try {
    const { registry } = parseToml(text)
    return tables(registry).map(ruleOf)
  } catch (error) {
    throw unusable(path, error)
  }
}

function ruleOf(table: TomlTable): RegistryRule {
  const location = text(table['location'])
  const prefix = text(table['prefix']) || location
  if (prefix === '') throw new SyntaxError('a registry has neither prefix nor location')
  if (location === '' && !prefix.startsWith('*.'))
    throw new SyntaxError(`the registry ${prefix} has no location`)
  const byDigest = table['mirror-by-digest-only'] === true
  return {
    ...{ prefix, location },
    insecure: table['insecure'] === true,
    blocked: table['blocked'] === true,
    mirrors: tables(table['mirror']).map((mirror) => ({
      location: text(mirror['location']),
      insecure: mirror['insecure'] === true,
      pull: pullOf(mirror['pull-from-mirror'], byDigest),
    })),
  }
}

function pullOf(
  value: TomlValue | undefined,
  byDigest: boolean,
): 'all' | 'digest-only' | 'tag-only' {
  if (value === undefined) return byDigest ? 'digest-only' : 'all'
  if (value === 'all' || value === 'digest-only' || value === 'tag-only') return value
  throw new SyntaxError('pull-from-mirror is all, digest-only or tag-only')
}

function tables(value: TomlValue | undefined): readonly TomlTable[] {
  if (value === undefined) return []
  const list = Array.isArray(value) ? (value as readonly TomlValue[]) : null
  if (!list?.every((one) => typeof one === 'object' && !Array.isArray(one)))
    throw new SyntaxError('registries and mirrors are lists of tables')
  return list as readonly TomlTable[]
}

function text(value: TomlValue | undefined): string {
  return typeof value === 'string' ? value.replace(/\/+$/, '') : ''
}
