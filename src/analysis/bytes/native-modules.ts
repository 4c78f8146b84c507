import type { FileTree } from '../../image/index.ts'

/** Directories in which packages of languages keep what their interpreters open by path. */
const ofLanguages =
  /\/(?:node_modules|site-packages|dist-packages|gems|lib\/ruby|php\/extensions)\//

const native = /\.(?:node|so(?:\.[\d.]+)?)$/

/**
 * Native files that the running app may open without any link to them: addons and extension modules of languages, and
 * the libraries and programs in the app's own directories and in the homes of what it starts (a JRE's). That they are
 * used is not known; what they link has to stay in any case. Some of them may be no ELF files.
 * @param isOwned true for paths of system packages, whose records tell what they depend on
 * @param homes directories of the app, and of the programs that it starts
 */
export function* nativeModules(
  tree: FileTree,
  isOwned: (path: string) => boolean,
  homes: readonly string[],
): Iterable<string> {
  for (const { path, kind, mode } of tree.walk()) {
    if (kind !== 'file') continue
    const isNative = native.test(path)
    if (!isNative && (mode & 0o111) === 0) continue
    const atHome = homes.some((dir) => path[dir.length] === '/' && path.startsWith(dir))
    if (atHome || (isNative && ofLanguages.test(path) && !isOwned(path))) yield path
  }
}
