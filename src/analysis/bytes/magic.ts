import type { FileTree, TreeEntry } from '../../image/index.ts'
import { headOf } from '../text.ts'
import type { Rule } from './path-rules.ts'

/** Endings whose content tells nothing that the ending does not: they are not opened. */
const plain =
  /\.(?:py|pyi|[cm]?js|[cm]?ts|[jt]sx|json|map|html?|css|s[ac]ss|less|md|rst|txt|ya?ml|toml|ini|cfg|conf|xml|svg|png|jpe?g|gif|webp|ico|woff2?|ttf|otf|eot|csv|sql|rb|erb|php|go|rs|java|kt|sh|proto|mp[34]|pdf)$/i

/** What the head of a file has to be, as hexadecimal digits, and the path with it. */
type Magic = { readonly head: RegExp; readonly path?: RegExp; readonly rule: Rule }

/** Products and left-overs of building, wherever they lie. */
const anywhere: readonly Magic[] = [
  // `!<arch>\n` with the member `debian-binary`, alone, and `!<thin>\n`.
  {
    head: /^213c617263683e0a64656269616e2d62696e617279/,
    rule: ['package-caches', 'magic: Debian package', 'B'],
  },
  { head: /^213c(?:61726368|7468696e)3e0a/, rule: ['static-libraries', 'magic: ar archive', 'B'] },
  { head: /^edabeedb/, rule: ['package-caches', 'magic: rpm package', 'B'] },
  { head: /^..0[c-f]0d0a/, path: /\.py[co]$/, rule: ['bytecode', 'magic: compiled Python', 'B'] },
  { head: /^4243c0de/, rule: ['static-libraries', 'magic: LLVM bitcode', 'B'] },
]

/** What may be an app's own data where the app is, and is left over elsewhere. */
const outsideApp: readonly Magic[] = [
  // `PACK`, `\xfftOc` and `DIRC` with their versions.
  {
    head: /^(?:5041434b0000000[23]|ff744f6300000002|444952430000000[2-4])/,
    rule: ['vcs', 'magic: git data', 'B'],
  },
  {
    head: /^(?:de120495|950412de)/,
    rule: ['docs-and-locales', 'magic: gettext translations', 'B'],
  },
  // Compressed content may be data; with such a name it is a download that was unpacked here.
  {
    head: /^(?:1f8b|28b52ffd|fd377a585a00|425a68|504b0304)/,
    path: /\.(?:tar\.\w+|t[gbx]z2?|zip)$/i,
    rule: ['package-caches', 'magic: archive left behind', 'B'],
  },
]

/**
 * What the first bytes of a file that nobody owns say. Only what building produces or leaves behind is answered:
 * programs, libraries, modules and data are the app's.
 */
export function magicRule(tree: FileTree, entry: TreeEntry, inApp: boolean): Rule | undefined {
  const { path, size } = entry
  if (size < 4 || plain.test(path)) return undefined
  const head = Buffer.from(headOf(tree, path, size, 32))
  const hex = head.toString('hex')
  if (hex.startsWith('7f454c46')) return ofElf(head, path)
  const fits = (one: Magic): boolean => one.head.test(hex) && (one.path?.test(path) ?? true)
  return (anywhere.find(fits) ?? (inApp ? undefined : outsideApp.find(fits)))?.rule
}

const relocatable = 1
const core = 4
/** Programs for the kernel are relocatable files that are loaded at run time, as its modules (`.ko`) are. */
const bpf = 247

/** @param head e_ident, then e_type and e_machine in the byte order that EI_DATA tells (ELF specification, figure 1-3) */
function ofElf(head: Buffer, path: string): Rule | undefined {
  if (head.length < 20) return undefined
  const half = (at: number): number =>
    head[5] === 2 ? head.readUInt16BE(at) : head.readUInt16LE(at)
  const type = half(16)
  if (type === core) return ['package-caches', 'magic: core dump', 'B']
  if (type !== relocatable || half(18) === bpf || /\.ko(?:\.\w+)?$/.test(path)) return undefined
  return ['static-libraries', 'magic: relocatable object', 'B']
}
