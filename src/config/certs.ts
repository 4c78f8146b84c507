import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readOptional, unusable } from './optional-file.ts'

/** All PEM. */
export type HostCerts = {
  readonly ca: readonly string[]
  readonly client?: { readonly cert: string; readonly key: string }
}

/**
 * The certificates of one host, as Docker's `certs.d/HOST[:PORT]`: `*.crt` are authorities, `NAME.cert` with `NAME.key`
 * is our own certificate. Authorities of all folders count; of several certificates the last folder's does.
 * @returns undefined when no folder has any
 * @throws Fault CONFIG_INVALID when one of a pair is missing
 */
export function readCerts(folders: readonly string[], host: string): HostCerts | undefined {
  // The host becomes a path: nothing that could leave the folder.
  if (!/^[A-Za-z0-9[][A-Za-z0-9.:_[\]-]*$/.test(host)) return undefined
  const ca: string[] = []
  let client: HostCerts['client']
  for (const folder of folders.map((one) => join(one, host)))
    for (const name of names(folder)) {
      if (name.endsWith('.crt')) ca.push(readOptional(join(folder, name)) ?? '')
      else if (name.endsWith('.cert')) client = pairOf(folder, name.slice(0, -5))
      else if (name.endsWith('.key')) pairOf(folder, name.slice(0, -4))
    }
  if (ca.length === 0 && !client) return undefined
  return client ? { ca, client } : { ca }
}

function pairOf(folder: string, name: string): NonNullable<HostCerts['client']> {
  const cert = readOptional(join(folder, `${name}.cert`))
  const key = readOptional(join(folder, `${name}.key`))
  if (cert !== null && key !== null) return { cert, key }
  const missing = `${name}.${cert === null ? 'cert' : 'key'} is missing`
  throw unusable(join(folder, name), new Error(missing))
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort((a, b) => (a < b ? -1 : 1))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw unusable(folder, error)
  }
}
