import { type FileTree, resolvePath } from '../image/index.ts'

/** Data that programs open by a fixed path, without any link that an analysis could see. */
export type DataId =
  | 'ca-certificates'
  | 'zoneinfo'
  | 'locales'
  | 'fonts'
  | 'nsswitch'
  | 'gconv'
  | 'passwd'
  | 'mime-types'
  | 'services'
  | 'terminfo'
  | 'openssl-modules'
  | 'loader-cache'

/** Whether the data is there, and at which of its places. */
export type DataFile = {
  readonly id: DataId
  readonly title: string
  /** The first place that exists and is not an empty directory; undefined when none does. */
  readonly path: string | undefined
}

/** `*` stands for one directory level: multiarch library directories. */
const places: readonly (readonly [DataId, string, readonly string[]])[] = [
  [
    'ca-certificates',
    'CA certificates',
    [
      '/etc/ssl/certs/ca-certificates.crt',
      '/etc/ssl/cert.pem',
      '/etc/pki/tls/certs/ca-bundle.crt',
      '/etc/ssl/ca-bundle.pem',
    ],
  ],
  ['zoneinfo', 'Time zones', ['/usr/share/zoneinfo/Etc', '/usr/share/zoneinfo/UTC']],
  ['locales', 'Locales', ['/usr/lib/locale/locale-archive', '/usr/lib/locale']],
  ['fonts', 'Fonts', ['/usr/share/fonts/truetype', '/usr/share/fonts', '/usr/local/share/fonts']],
  ['nsswitch', 'Name service switch', ['/etc/nsswitch.conf']],
  ['gconv', 'Character set conversion', ['/usr/lib/*/gconv', '/usr/lib64/gconv', '/lib/*/gconv']],
  ['passwd', 'User accounts', ['/etc/passwd']],
  ['mime-types', 'MIME types', ['/etc/mime.types', '/usr/share/mime/globs2']],
  ['services', 'Network service names', ['/etc/services']],
  ['terminfo', 'Terminal descriptions', ['/usr/share/terminfo', '/lib/terminfo', '/etc/terminfo']],
  ['openssl-modules', 'OpenSSL providers', ['/usr/lib/*/ossl-modules', '/usr/lib64/ossl-modules']],
  ['loader-cache', 'Cache of the dynamic loader', ['/etc/ld.so.cache']],
]

/** Extensions that web apps serve and whose types no language's own table knows: Python's, Ruby's and Go's lack them. */
const typedByFile =
  /\.(?:woff2?|ttf|otf|eot|webp|avif|ogg|oga|ogv|flac|epub|docx|xlsx|pptx|od[tsp]|7z|jsonld|geojson|ics)$/i

/** True for a file whose type an app that serves it finds in /etc/mime.types and nowhere else. */
export function needsMimeTypes(path: string): boolean {
  return typedByFile.test(path)
}

/** Every kind of data, present or not, in a fixed order. */
export function dataFiles(tree: FileTree): readonly DataFile[] {
  return places.map(([id, title, candidates]) => ({
    id,
    title,
    path: candidates.flatMap((place) => spelledOut(tree, place)).find((path) => filled(tree, path)),
  }))
}

function spelledOut(tree: FileTree, place: string): readonly string[] {
  const star = place.indexOf('/*/')
  if (star < 0) return [place]
  const dir = place.slice(0, star)
  return tree.readdir(dir).map((name) => `${dir}/${name}${place.slice(star + 2)}`)
}

function filled(tree: FileTree, path: string): boolean {
  try {
    const { entry, path: real } = resolvePath(tree, path)
    return entry?.kind === 'dir' ? tree.readdir(real).length > 0 : (entry?.size ?? 0) > 0
  } catch {
    return false
  }
}
