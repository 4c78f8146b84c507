import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Fault } from '../base/index.ts'

/** Where an image may lie; `--source` names one where a name alone could mean several. */
export const imagePlaces = ['store', 'registry', 'docker', 'archive'] as const

const transports = ['docker-archive:', 'oci-archive:', 'oci:']
const others = ['docker://', 'docker-daemon:']

/**
 * The name with the transport that the place has in skopeo's spelling; one that has a transport stays.
 * @throws Fault USAGE for a place that there is not
 */
export function nameFrom(place: string | undefined, name: string): string {
  const known = imagePlaces.find((one) => one === place)
  if (place !== undefined && known === undefined)
    throw new Fault('USAGE', `--source ${place} is not known`, {
      kind: 'invalid',
      hint: `it is one of ${imagePlaces.join(', ')}`,
    })
  if ([...transports, ...others].some((prefix) => name.startsWith(prefix))) return name
  const prefix = { store: '', registry: 'docker://', docker: 'docker-daemon:', archive: 'oci:' }
  return `${known ? prefix[known] : ''}${name}`
}

/** An archive or a layout on disk, and the image in it when it has several. */
export type ArchiveName = { readonly path: string; readonly image: string | undefined }

/**
 * What a name says of an archive: after a transport (`FILE`, `FILE:NAME`, and `//FILE` as dive writes it), or as a path. A
 * reference never begins with a dot or a slash, and a file that exists and ends as archives do is one.
 */
export function archiveName(name: string, cwd: string): ArchiveName | undefined {
  const transport = transports.find((prefix) => name.startsWith(prefix))
  if (transport !== undefined)
    return inside(resolve(cwd, name.slice(transport.length).replace(/^\/\/(?!\/)/, '')))
  if (/^\.{0,2}\//.test(name)) return inside(resolve(cwd, name))
  return inside(resolve(cwd, name), (path) => /\.(?:tar|tgz|tar\.(?:gz|zst))$/.test(path))
}

/** `FILE:NAME` where there is no file of the whole name. */
function inside(path: string): ArchiveName
function inside(path: string, only: (path: string) => boolean): ArchiveName | undefined
function inside(path: string, only?: (path: string) => boolean): ArchiveName | undefined {
  const fits = (one: string): boolean => (only?.(one) ?? true) && existsSync(one)
  if (fits(path)) return { path, image: undefined }
  for (let at = path.indexOf(':'); at > 0; at = path.indexOf(':', at + 1))
    if (fits(path.slice(0, at))) return { path: path.slice(0, at), image: path.slice(at + 1) }
  return only ? undefined : { path, image: undefined }
}

/** Why there may be no image of this name, and what to write instead. */
export function notFoundHint(name: string, cwd: string): string | undefined {
  const [, scheme] = /^([a-z][a-z-]*):\/\//.exec(name) ?? []
  if (scheme !== undefined || name.startsWith('containers-storage:'))
    return `images come from the store (NAME), a registry (docker://NAME), a Docker Engine (docker-daemon:NAME), or an archive or layout (a path, docker-archive:FILE, oci:DIR); what podman has comes with podman save`
  const path = resolve(cwd, name)
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return undefined
  if (!stats.isDirectory())
    return /(?:^|[./])dockerfile/i.test(name)
      ? `${name} is a Dockerfile: jettison build makes its image, and compare takes it as it is`
      : `there is a file ${name}: write ./${name} for an archive`
  const files = new Set(readdirSync(path))
  if (files.has('oci-layout') || files.has('manifest.json'))
    return `there is a layout ${name}: write ./${name} or oci:${name}`
  return existsSync(join(path, 'Dockerfile'))
    ? `${name} is a project: jettison build makes its image, and compare takes it as it is`
    : undefined
}
