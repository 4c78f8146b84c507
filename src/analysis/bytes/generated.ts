import type { FileTree } from '../../image/index.ts'
import { join, parentOf } from '../canonical.ts'
import type { Package } from '../types.ts'

/** A package that wrote a file which its list does not name, and how it is known. */
export type Author = { readonly owner: Package; readonly how: string }

/** What maintainer scripts and triggers write: the path, what writes it, the packages that bring the writer. */
const written: readonly (readonly [RegExp, by: string, readonly string[]])[] = [
  [/^\/etc\/(?:ssl\/certs\/|ca-certificates\.conf)/, 'update-ca-certificates', ['ca-certificates']],
  [/\/cacerts$/, 'update-ca-certificates', ['ca-certificates-java']],
  [/^\/etc\/ld\.so\.cache$/, 'ldconfig', ['libc-bin', 'glibc', 'musl']],
  [/\/gconv-modules\.cache$/, 'iconvconfig', ['libc6', 'glibc-common', 'glibc']],
  [/^\/usr\/share\/mime\//, 'update-mime-database', ['shared-mime-info']],
  [
    /\/gschemas\.compiled$/,
    'glib-compile-schemas',
    ['libglib2.0-bin', 'libglib2.0-0', 'glib2', 'glib'],
  ],
  [/\/giomodule\.cache$/, 'gio-querymodules', ['libglib2.0-0', 'libglib2.0-0t64', 'glib2', 'glib']],
  [
    /\/gdk-pixbuf-2\.0\/.*loaders\.cache$/,
    'gdk-pixbuf-query-loaders',
    ['libgdk-pixbuf-2.0-0', 'gdk-pixbuf2', 'gdk-pixbuf'],
  ],
  [
    /\/(?:fonts\/.*\/\.uuid|fonts\.(?:dir|scale))$/,
    'fontconfig',
    ['fontconfig', 'fontconfig-config'],
  ],
  [
    /^\/etc\/(?:passwd|group|shadow|gshadow|subuid|subgid)-?$|^\/etc\/\.pwd\.lock$/,
    'user accounts',
    ['base-passwd', 'passwd', 'setup', 'alpine-baselayout-data'],
  ],
  [/^\/etc\/pam\.d\/common-|^\/var\/lib\/pam\//, 'pam-auth-update', ['libpam-runtime']],
  [/^\/etc\/(?:localtime|timezone)$/, 'tzdata', ['tzdata']],
  [/^\/etc\/(?:default\/locale|locale\.(?:gen|conf))$/, 'locale-gen', ['locales', 'libc-bin']],
  [/^\/etc\/shells$|^\/var\/lib\/shells\.state$/, 'update-shells', ['debianutils']],
  [
    /^\/(?:etc\/(?:sgml|xml)|var\/lib\/(?:sgml-base|xml-core))\//,
    'update-xmlcatalog',
    ['xml-core', 'sgml-base'],
  ],
  [/^\/var\/lib\/systemd\//, 'deb-systemd-helper', ['init-system-helpers', 'systemd']],
  [/^\/var\/lib\/ucf\//, 'ucf', ['ucf']],
  [/^\/root\/\.(?:bashrc|profile)$/, 'base-files', ['base-files']],
]

/**
 * The package behind a file that no list names: the one whose script is known to write it, else the one that owns
 * everything else in its directory, or the nearest above that has files of packages (compiled catalogues, registries, indexes).
 */
export function authorsIn(
  tree: FileTree,
  packages: ReadonlyMap<string, Package>,
  ownerOf: (path: string) => Package | undefined,
): (path: string) => Author | undefined {
  const known = new Map<string, Package | undefined>()
  const ofDirectory = (dir: string): Package | undefined => {
    const climbed: string[] = []
    let owner: Package | undefined
    // Not by recursion: a hostile image has directories deeper than any stack.
    for (let here = dir; !isShared(here); here = parentOf(here)) {
      if (known.has(here)) {
        owner = known.get(here)
        break
      }
      climbed.push(here)
      const owners = ownersIn(tree, here, ownerOf)
      const [only] = owners
      if (owners.size === 1) owner = only
      if (owners.size > 0) break
    }
    for (const one of climbed) known.set(one, owner)
    return owner
  }
  return (path) => {
    for (const [pattern, by, names] of written) {
      if (!pattern.test(path)) continue
      const name = names.find((one) => packages.has(one))
      const owner = name === undefined ? undefined : packages.get(name)
      if (owner) return { owner, how: `written by ${by}` }
    }
    const owner = ofDirectory(parentOf(path))
    return owner && { owner, how: 'beside its files' }
  }
}

/** Directories that many packages put files into say nothing about one of them. */
function isShared(dir: string): boolean {
  return /^\/[^/]*$|^\/(?:usr|var|etc)\/[^/]+$|^\/usr\/(?:lib|share)\/[^/]+-linux-[^/]+$|\.d$/.test(
    dir,
  )
}

/** Owners of the files of a directory. */
function ownersIn(
  tree: FileTree,
  dir: string,
  ownerOf: (path: string) => Package | undefined,
): ReadonlySet<Package> {
  const paths = tree.readdir(dir).map((name) => join(dir, name))
  const files = paths.filter((path) => tree.lookup(path)?.kind === 'file')
  return new Set(files.flatMap((path) => ownerOf(path) ?? []))
}
