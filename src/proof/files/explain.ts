import type { TreeEntry } from '../../image/index.ts'
import { entryAt, type Side, targetOf } from '../side.ts'

const documentation = /^\/usr\/(?:local\/)?share\/(?:man|doc|info|gtk-doc|bash-completion)(?:\/|$)/

/** What slim bases leave out when a package is installed, so that links to it lead nowhere. */
export function isDocumentation(path: string): boolean {
  return documentation.test(path)
}

/** Why the running app does not need a path: plain path patterns, in the order in which they are tried. */
const byPath: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  { pattern: /^\/(?:tmp|run)(?:\/|$)|^\/var\/(?:tmp|run|lock)(?:\/|$)/, why: 'temporary files' },
  { pattern: /^\/var\/log(?:\/|$)/, why: 'logs of the build' },
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
  {
    pattern:
      /^\/etc\/(?:ld\.so\.cache|mtab|hostname|hosts|resolv\.conf|machine-id|adjtime|\.pwd\.lock)$/,
    why: 'written by the system or the engine',
  },
  {
    pattern: /^\/etc\/(?:passwd|group|shadow|gshadow|subuid|subgid)-?$/,
    why: 'accounts are compared one by one',
  },
  { pattern: /^\/etc\/(?:alternatives|rc[0-6S]\.d)(?:\/|$)/, why: 'links that packages make' },
  { pattern: /^\/etc\/ssl\/certs(?:\/|$)/, why: 'certificates are compared one by one' },
  {
    pattern:
      /^(?:\/root|\/home\/[^/]+)\/\.(?:cache\/(?:pip|pypoetry|uv|pipenv|pdm|virtualenv|go-build|node-gyp|node|yarn|pnpm|ccache|mesa_shader_cache|fontconfig)|npm\/_|cargo\/|rustup\/|ccache\/|pki\/)/,
    why: 'cache of a build tool',
  },
  {
    pattern:
      /^(?:\/root|\/home\/[^/]+)\/\.(?:wget-hsts|python_history|bash_history|lesshst|viminfo)$/,
    why: 'leftover of an interactive tool',
  },
  { pattern: /^\/usr\/local\/(?:go|cargo|rustup)(?:\/|$)/, why: 'a toolchain' },
  { pattern: /^\/usr\/(?:local\/)?include(?:\/|$)/, why: 'headers' },
  { pattern: /\/pkgconfig\/[^/]+\.pc$|\/share\/aclocal\//, why: 'build settings of a library' },
  { pattern: documentation, why: 'documentation' },
  { pattern: /\/\.(?:git|hg|svn|bzr)(?:\/|$)/, why: 'version control data' },
  {
    pattern: /\/(?:Dockerfile|Dockerfile\.[\w.-]+|[\w.-]+\.Dockerfile|\.dockerignore)$/,
    why: 'the build file itself',
  },
]

/** Made by installation scripts of packages, which own no such file: only below directories of the system. */
const madeByPackages =
  /^\/usr\/(?:share|lib)\/.*(?:\.cache|\.compiled|\.gresource|\/info\/dir)$|^\/usr\/share\/(?:mime|icons|applications|fonts|python3|perl5|ca-certificates|texmf)(?:\/|$)|^\/usr\/lib\/(?:python3|valgrind|git-core)(?:\/|$)|^\/etc\/(?:systemd|X11|fonts|ca-certificates|ImageMagick[\w-]*|python3[\w.]*|perl|ldap|mysql|subversion|mercurial|init\.d|default|emacs|gtk-[\w.]*|sgml|xml)(?:\/|$)|^\/etc\/ca-certificates\.conf$/

/** Why a path of fat may be absent from lean, or differ there; undefined when nothing explains it. */
export function explain(entry: TreeEntry, fat: Side): string | undefined {
  const simple = byPath.find(({ pattern }) => pattern.test(entry.path))
  if (simple) return simple.why
  return (
    bytecode(entry, fat) ??
    alternative(entry) ??
    compiled(entry, fat) ??
    installed(entry, fat) ??
    requirements(entry, fat) ??
    zone(entry, fat)
  )
}

/** Python writes `.pyc` again from the source; without a source it is the program itself. */
function bytecode({ path }: TreeEntry, { tree }: Side): string | undefined {
  if (/\/__pycache__$/.test(path)) return 'bytecode'
  const cached = /^(.*)\/__pycache__\/([^/]+?)\.[\w-]+(?:\.opt-\d)?\.pyc$/.exec(path)
  if (!cached) return undefined
  return entryAt(tree, `${cached[1]}/${cached[2]}.py`) ? 'bytecode of a source' : undefined
}

function alternative({ link }: TreeEntry): string | undefined {
  return link?.startsWith('/etc/alternatives/') ? 'a link that packages make' : undefined
}

/** What a compiler left behind; a file of such a name that COPY brought is the project's. */
function compiled({ path, kind, layer }: TreeEntry, fat: Side): string | undefined {
  return kind === 'file' && /\.(?:a|la|o)$/.test(path) && !isCopy(fat.createdBy(layer))
    ? 'static libraries and object files'
    : undefined
}

function installed({ path, kind, layer }: TreeEntry, fat: Side): string | undefined {
  const emptied = kind === 'dir' && /^\/(?:usr\/(?!local\/)|etc\/|lib)/.test(path)
  if (!emptied && !madeByPackages.test(path)) return undefined
  const line = fat.createdBy(layer)
  return /\b(?:apt-get|apt|aptitude|dpkg|apk)\b/.test(line) && !isCopy(line)
    ? 'made by the installation of a package'
    : undefined
}

/** A list that a build step installed from and that no program of the app names is not needed to run. */
function requirements({ path }: TreeEntry, fat: Side): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (!/^(?:requirements|constraints)[\w.-]*\.(?:txt|in)$/.test(name)) return undefined
  const used = fat.subject.config.history.some(
    ({ created_by }) =>
      / install\b/.test(created_by ?? '') &&
      new RegExp(`(?:-r|-c|--requirement|--constraint)[ =]?\\S*${literal(name)}`).test(
        created_by ?? '',
      ),
  )
  return used && !namedByApp(name, fat) ? 'read by the build only' : undefined
}

function namedByApp(name: string, fat: Side): boolean {
  const decoder = new TextDecoder()
  return fat
    .ownEntries()
    .some(
      ({ path, kind, size }) =>
        kind === 'file' &&
        size < 1_000_000 &&
        /\.(?:py|sh|toml|cfg|ini|ya?ml|json)$/.test(path) &&
        fat.distributionOf(path) === undefined &&
        fat.packages()?.ownerOf(path) === undefined &&
        decoder.decode(fat.tree.read(path)).includes(name),
    )
}

/** UTC is what a system without a zone has. */
function zone({ path }: TreeEntry, { tree }: Side): string | undefined {
  if (path === '/etc/localtime')
    return /\/(?:UTC|Etc\/UTC|UCT|Zulu)$/.test(targetOf(tree, path)?.path ?? '')
      ? 'UTC, which is the default'
      : undefined
  if (path !== '/etc/timezone') return undefined
  const text = new TextDecoder().decode(tree.read(path)).trim()
  return /^(?:Etc\/)?(?:UTC|UCT|Zulu)$/.test(text) ? 'UTC, which is the default' : undefined
}

/** Layers of COPY and ADD hold what the project itself brought, whoever else owns the path. */
export function isCopy(createdBy: string): boolean {
  return /^(?:\/bin\/sh -c #\(nop\)\s+)?(?:COPY|ADD)\b/.test(createdBy)
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
