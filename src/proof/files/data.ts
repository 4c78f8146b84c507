import { needsMimeTypes } from '../../analysis/index.ts'
import { readResolved } from '../../image/index.ts'
import { type Side, targetOf } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { missingFromFolders } from './data-folders.ts'
import { missingFonts } from './fonts.ts'
import { appImports } from './imports.ts'
import { bringsOwnData } from './own-data.ts'

type Check = { readonly examined: number; readonly failures: readonly Evidence[] }

const bundle = '/etc/ssl/certs/ca-certificates.crt'

/** Data that libraries read by a fixed path and whose absence shows only in the request that needs it. */
const data: readonly { readonly path: string; readonly what: string; readonly package: string }[] =
  [
    { path: bundle, what: 'CA certificates', package: 'ca-certificates' },
    { path: '/usr/share/zoneinfo', what: 'time zones', package: 'tzdata' },
    { path: '/etc/services', what: 'service names', package: 'netbase' },
    { path: '/etc/nsswitch.conf', what: 'name service settings', package: 'base-files' },
  ]

/** Data files of the system that fat has and lean lacks, certificates that lean's bundle lacks, and the locale. */
export function missingData(fat: Side, lean: Side): Check {
  const wanted = data.filter(({ path }) => targetOf(fat.tree, path) && !bringsOwnData(fat, path))
  const failures = wanted
    .filter(({ path }) => !targetOf(lean.tree, path))
    .map(
      ({ path, what, package: name }): Evidence => ({
        message: `${what} are in fat and not in lean: ${path}`,
        path,
        package: name,
        lean: 'absent',
        missing: { kind: 'file', path, package: name },
      }),
    )
  return {
    examined: wanted.length,
    failures: [
      ...failures,
      ...missingCertificates(fat, lean),
      ...missingFromFolders(fat, lean),
      ...missingLocale(fat, lean),
      ...missingMimeTypes(fat, lean),
      ...missingFonts(fat, lean),
    ],
  }
}

/**
 * /etc/mime.types comes and goes with the base (full images have it, slim ones do not). It is missed only by an app
 * that serves a file whose type is written nowhere else, or that asks for types itself.
 */
function missingMimeTypes(fat: Side, lean: Side): readonly Evidence[] {
  const path = '/etc/mime.types'
  if (!targetOf(fat.tree, path) || targetOf(lean.tree, path)) return []
  const served = startsNodeOnly(fat)
    ? undefined
    : fat
        .ownEntries()
        .find(
          (entry) =>
            entry.kind === 'file' && needsMimeTypes(entry.path) && !isOwned(fat, entry.path),
        )
  const why = served
    ? `the app has ${served.path}`
    : appImports(fat, ['mimetypes'])
      ? 'the app itself asks for types of files'
      : undefined
  if (why === undefined) return []
  return [
    {
      message: `MIME types are in fat and not in lean, and ${why}: ${path}`,
      path,
      package: 'media-types',
      lean: 'absent',
      missing: { kind: 'file', path, package: 'media-types' },
    },
  ]
}

function isOwned(side: Side, path: string): boolean {
  return side.packages()?.ownerOf(path) !== undefined
}

/** What starts a server of Node and serves nothing itself. */
const starters = /\/(?:sh|dash|bash|env|tini|dumb-init|su-exec|gosu|docker-entrypoint\.sh)$/

/** Servers of Node have their types in packages; Node itself reads no table. */
function startsNodeOnly(side: Side): boolean {
  const found = side.programs().flatMap(({ origin, path }) => (origin === 'start' && path) || [])
  const isNode = (path: string): boolean => /\/node(?:js)?$/.test(path)
  return found.some(isNode) && found.every((path) => isNode(path) || starters.test(path))
}

/** A certificate that the project added to fat's bundle is not in lean's. */
function missingCertificates(fat: Side, lean: Side): readonly Evidence[] {
  const theirs = new Set(certificates(lean))
  const absent = certificates(fat).filter((one) => !theirs.has(one))
  if (absent.length === 0 || theirs.size === 0) return []
  return [
    {
      message: `${absent.length} certificates of fat's CA bundle are not in lean's`,
      path: bundle,
      fat: `${certificates(fat).length} certificates`,
      lean: `${theirs.size} certificates`,
    },
  ]
}

function certificates({ tree }: Side): readonly string[] {
  const bytes = readResolved(tree, bundle)
  const text = bytes ? new TextDecoder().decode(bytes) : ''
  return text
    .split('-----BEGIN CERTIFICATE-----')
    .slice(1)
    .map((part) => part.replace(/\s+/g, ''))
}

/** C and POSIX, also with UTF-8, are built into glibc 2.35 and newer and into Debian's; all others are files. */
function missingLocale(fat: Side, lean: Side): readonly Evidence[] {
  const names = fat.env
    .filter((line) => /^(?:LANG|LC_\w+)=/.test(line))
    .map((line) => line.slice(line.indexOf('=') + 1))
    .filter((name) => name !== '' && !/^(?:C|POSIX)(?:\.|$)/i.test(name))
  return [...new Set(names)]
    .filter((name) => hasLocale(fat, name) && !hasLocale(lean, name))
    .map((name) => ({
      message: `the locale ${name} is in fat and not in lean`,
      subject: name,
      path: '/usr/lib/locale',
      package: 'locales',
      missing: { kind: 'file', path: '/usr/lib/locale', package: 'locales' },
    }))
}

function hasLocale({ tree }: Side, name: string): boolean {
  const wanted = name.toLowerCase().replaceAll('-', '')
  if (
    tree.readdir('/usr/lib/locale').some((dir) => dir.toLowerCase().replaceAll('-', '') === wanted)
  )
    return true
  const archive = readResolved(tree, '/usr/lib/locale/locale-archive', 512 * 1024 * 1024)
  return (
    archive !== undefined &&
    new TextDecoder('latin1').decode(archive.subarray(0, 4_000_000)).toLowerCase().includes(wanted)
  )
}
