import type { TreeEntry } from '../../image/index.ts'
import { scriptOf } from '../history.ts'
import type { Side } from '../side.ts'
import { isCopy } from './app-entry.ts'
import { appNames, appTexts } from './imports.ts'

type Pattern = { readonly pattern: RegExp; readonly why: string }

const documentation =
  /^\/usr\/(?:local\/)?share\/(?:man|doc|info|gtk-doc|bash-completion|lintian|linda)(?:\/|$)/

/** What slim bases leave out when a package is installed, so that links to it lead nowhere. */
export function isDocumentation(path: string): boolean {
  return documentation.test(path)
}

/** Explained whoever made them: written by the system, or what only builds. */
const always: readonly Pattern[] = [
  {
    pattern:
      /^\/etc\/(?:ld\.so\.cache|mtab|hostname|hosts|resolv\.conf|machine-id|adjtime|\.pwd\.lock)$/,
    why: 'written by the system or the engine',
  },
  {
    pattern: /^\/etc\/(?:passwd|group|shadow|gshadow|subuid|subgid)-?$/,
    why: 'accounts are compared one by one',
  },
  {
    pattern: /^\/etc\/ssl\/certs\/ca-certificates\.crt$/,
    why: 'certificates are compared one by one',
  },
  {
    pattern:
      /^\/usr\/local\/(?:go|rustup)(?:\/|$)|^(?:\/usr\/local\/|\/root\/\.)cargo(?:$|\/(?!bin\/)|\/bin\/(?:cargo|rust|clippy|rls)[\w-]*$)/,
    why: 'a toolchain',
  },
  { pattern: /^\/usr\/(?:local\/)?include(?:\/|$)/, why: 'headers' },
  { pattern: /\/pkgconfig\/[^/]+\.pc$|\/share\/aclocal\//, why: 'build settings of a library' },
  { pattern: documentation, why: 'documentation' },
  {
    pattern: /\/(?:Dockerfile|Dockerfile\.[\w.-]+|[\w.-]+\.Dockerfile|\.dockerignore)$/,
    why: 'the build file itself',
  },
]

/** What RUN lines leave behind. */
const byRun: readonly Pattern[] = [
  {
    pattern:
      /^\/var\/lib\/(?:dpkg|apt|apk|rpm|dnf|ucf|systemd|pam|python|dbus|xml-core|sgml-base|ghostscript|emacsen-common|insserv|misc|mecabrc|shells\.state|gconf|texmf|polkit-1|update-rc\.d|vim)(?:\/|$)/,
    why: 'state of the package manager',
  },
  {
    pattern:
      /^\/var\/cache\/(?:apt|debconf|ldconfig|man|fontconfig|apk|dnf|yum|pip|dictionaries-common)(?:\/|$)/,
    why: 'cache of the package manager',
  },
  {
    pattern: /^\/etc\/(?:apt|dpkg|apk|yum\.repos\.d)(?:\/|$)/,
    why: 'settings of the package manager',
  },
  { pattern: /^\/etc\/(?:alternatives|rc[0-6S]\.d)(?:\/|$)/, why: 'links that packages make' },
  {
    pattern:
      /^(?:\/root|\/home\/[^/]+)\/\.(?:cache\/(?:pip|pypoetry|uv|pipenv|pdm|virtualenv|go-build|node-gyp|node|yarn|pnpm|ccache|mesa_shader_cache|fontconfig)|npm\/_|local\/(?:(?:share|state)\/pnpm|share\/virtualenv(?:s$)?)(?:\/|$)|cargo\/(?!bin\/)|rustup\/|ccache\/|pki\/)/,
    why: 'cache of a build tool',
  },
  {
    pattern: /^\/usr\/local\/share\/\.cache(?:\/|$)/,
    why: 'cache of yarn',
  },
  {
    pattern: /^(?:\/root|\/home\/[^/]+)\/\.config\/nextjs-nodejs(?:\/|$)/,
    why: 'what a build of Next.js notes for its telemetry',
  },
  {
    pattern:
      /^(?:\/root|\/home\/[^/]+)\/\.(?:wget-hsts|python_history|bash_history|lesshst|viminfo)$/,
    why: 'leftover of an interactive tool',
  },
]

/** Made by installation scripts of packages, which own no such file: only below directories of the system. */
const madeByPackages =
  /^\/usr\/(?:share|lib)\/.*(?:\.cache|\.compiled|\.gresource|\/info\/dir)$|^\/usr\/share\/(?:mime|icons|applications|fonts|python3|perl5|ca-certificates|texmf)(?:\/|$)|^\/usr\/lib\/(?:python3|valgrind|git-core)(?:\/|$)|^\/etc\/(?:\.java|systemd|X11|fonts|ca-certificates|ImageMagick[\w-]*|python3[\w.]*|perl|ldap|mysql|subversion|mercurial|init\.d|default|emacs|gtk-[\w.]*|sgml|xml)(?:\/|$)|^\/etc\/(?:ca-certificates\.conf|locale\.(?:gen|alias)|inputrc|networks)$|^\/usr\/local\/(?:share\/ca-certificates|lib\/python3[\d.]*\/dist-packages)$/

/**
 * Why a path is no part of the app: the system's, a build tool's, or what a RUN left behind. What COPY brought is the
 * project's wherever it lies, but for tools that only build.
 */
export function leftover(entry: TreeEntry, side: Side): string | undefined {
  const { path } = entry
  const system = always.find(({ pattern }) => pattern.test(path))
  if (system) return system.why
  const line = side.createdBy(entry.layer)
  if (isCopy(line)) return undefined
  return (
    byRun.find(({ pattern }) => pattern.test(path))?.why ??
    temporary(entry, line, side) ??
    alternative(entry) ??
    compiled(entry, side) ??
    certificate(entry, line) ??
    runtimeDirectory(entry, line) ??
    installed(entry, line)
  )
}

/** True when the line runs a package manager and does not itself name the path, or a directory that it is in. */
export function madeByPackageManager(path: string, line: string): boolean {
  if (!/\b(?:apt-get|apt|aptitude|dpkg|apk|update-ca-certificates)\b/.test(line)) return false
  const named = (scriptOf(line) ?? '').matchAll(/(?<![\w.~-])\/[\w.+-]+(?:\/[\w.+-]+)+/g)
  return ![...named].some(
    ([name]) => path === name || (path.startsWith(`${name}/`) && name.split('/').length > 3),
  )
}

/** What a line left where temporary files are, unless it names it and so does the app, which then looks there. */
function temporary({ path }: TreeEntry, line: string, side: Side): string | undefined {
  if (!/^(?:\/var)?\/tmp(?:\/|$)/.test(path)) return undefined
  const last = path.slice(path.lastIndexOf('/') + 1)
  const wanted = line.includes(path) && /^(?:\/var)?\/tmp\/./.test(path) && appNames(side, last)
  const looks =
    wanted && appTexts(side).some(({ text }) => /\btmp\b|temp_?dir|tmp_?dir/i.test(text))
  return looks ? undefined : 'temporary files'
}

function alternative({ link }: TreeEntry): string | undefined {
  return link?.startsWith('/etc/alternatives/') ? 'a link that packages make' : undefined
}

/** What a compiler left behind, unless the app names it: BPF programs are object files that are loaded. */
function compiled({ path, kind }: TreeEntry, side: Side): string | undefined {
  if (kind !== 'file' || !/\.(?:a|la|o)$/.test(path)) return undefined
  const name = path.slice(path.lastIndexOf('/') + 1)
  return appNames(side, name) ? undefined : 'static libraries and object files'
}

/** `update-ca-certificates` and packages fill this directory; a file that something else put there is the app's. */
function certificate({ path, kind }: TreeEntry, line: string): string | undefined {
  if (!/^\/etc\/ssl\/certs(?:\/|$)/.test(path)) return undefined
  return kind !== 'file' || madeByPackageManager(path, line)
    ? 'certificates are compared one by one'
    : undefined
}

/** Logs and pid files are written again; the directory that they go to is not made again by anyone. */
function runtimeDirectory({ path, kind }: TreeEntry, line: string): string | undefined {
  if (!/^\/(?:var\/)?(?:run|lock)(?:\/|$)|^\/var\/log(?:\/|$)/.test(path)) return undefined
  if (kind !== 'dir') return 'logs and marks of the build'
  const system = /^\/(?:var\/)?(?:run|lock|log)$|^\/(?:var\/)?run\/lock$/.test(path)
  return system || madeByPackageManager(path, line)
    ? 'made by the installation of a package'
    : undefined
}

function installed({ path, kind, mode, gid }: TreeEntry, line: string): string | undefined {
  // Debian's packages make their directories of /usr/local for the group staff (Debian policy 9.1.2).
  const local =
    kind === 'dir' && path.startsWith('/usr/local/') && gid === 50 && (mode & 0o7777) === 0o2775
  const emptied = kind === 'dir' && /^\/(?:usr\/(?!local\/)|etc\/|lib)/.test(path)
  if (!local && !emptied && !madeByPackages.test(path)) return undefined
  return madeByPackageManager(path, line) ? 'made by the installation of a package' : undefined
}
