import type { FileTree } from '../../image/index.ts'
import { textAt } from '../text.ts'
import type { Elf } from '../types.ts'
import { type LoaderCache, readLoaderCache } from './loader-cache.ts'

/** How one C library's loader finds libraries in this tree. */
export type Loader = {
  readonly libc: 'glibc' | 'musl'
  /** Only glibc has one. */
  readonly cache: LoaderCache
  /** Directories searched last. */
  readonly directories: readonly string[]
  /** What `$LIB` and `$PLATFORM` can stand for. */
  readonly lib: readonly string[]
  readonly platform: readonly string[]
}

/** The loader that a machine's programs use, remembered a machine. */
export type LoaderOf = (elf: Pick<Elf, 'bits' | 'machine' | 'interpreter'>) => Loader

type Machine = { readonly triplet: string; readonly musl: string; readonly platform: string }

/** e_machine (and word size) → Debian multiarch triplet, musl's name, AT_PLATFORM. */
const machines: Readonly<Record<string, Machine>> = {
  '62/64': { triplet: 'x86_64-linux-gnu', musl: 'x86_64', platform: 'x86_64' },
  '62/32': { triplet: 'x86_64-linux-gnux32', musl: 'x32', platform: 'x86_64' },
  '3/32': { triplet: 'i386-linux-gnu', musl: 'i386', platform: 'i686' },
  '183/64': { triplet: 'aarch64-linux-gnu', musl: 'aarch64', platform: 'aarch64' },
  '40/32': { triplet: 'arm-linux-gnueabihf', musl: 'armhf', platform: 'v7l' },
  '243/64': { triplet: 'riscv64-linux-gnu', musl: 'riscv64', platform: 'riscv64' },
  '21/64': { triplet: 'powerpc64le-linux-gnu', musl: 'powerpc64le', platform: 'power8' },
  '22/64': { triplet: 's390x-linux-gnu', musl: 's390x', platform: 'z900' },
  '258/64': { triplet: 'loongarch64-linux-gnu', musl: 'loongarch64', platform: 'loongarch' },
  '8/64': { triplet: 'mips64el-linux-gnuabi64', musl: 'mips64el', platform: 'mips' },
}

/** Loaders of a tree. A file without interpreter is loaded by the libc that the tree has, glibc when it has both. */
export function loadersIn(tree: FileTree): LoaderOf {
  const known = new Map<string, Loader>()
  return ({ bits, machine, interpreter }) => {
    const here = machines[`${machine}/${bits}`]
    const musl = interpreter ? interpreter.includes('/ld-musl-') : hasOnlyMusl(tree, here)
    const key = `${machine}/${bits}/${musl}`
    const loader = known.get(key) ?? (musl ? muslLoader(tree, here) : glibcLoader(tree, bits, here))
    known.set(key, loader)
    return loader
  }
}

function hasOnlyMusl(tree: FileTree, machine: Machine | undefined): boolean {
  if (!machine || !tree.lookup(`/lib/ld-musl-${machine.musl}.so.1`)) return false
  const glibc = [`/lib/${machine.triplet}/libc.so.6`, '/lib64/libc.so.6', '/lib/libc.so.6']
  return !glibc.some((path) => tree.lookup(path))
}

/** Debian compiles its multiarch directories into the loader; others use lib64 for 64-bit machines. */
function glibcLoader(tree: FileTree, bits: 32 | 64, machine: Machine | undefined): Loader {
  const triplet = machine?.triplet ?? ''
  const multiarch =
    triplet !== '' && ['/lib', '/usr/lib'].some((dir) => tree.lookup(`${dir}/${triplet}`))
  const wide = bits === 64 ? ['/lib64', '/usr/lib64'] : []
  const cache = readCache(tree)
  return {
    libc: 'glibc',
    cache,
    directories: [
      ...(multiarch ? [`/lib/${triplet}`, `/usr/lib/${triplet}`] : wide),
      '/lib',
      '/usr/lib',
    ],
    lib: multiarch ? [`lib/${triplet}`] : bits === 64 ? ['lib64', 'lib'] : ['lib'],
    platform: machine ? [machine.platform] : [],
  }
}

function readCache(tree: FileTree): LoaderCache {
  const entry = tree.lookup('/etc/ld.so.cache')
  if (entry?.kind !== 'file' || entry.size > 64 * 1024 * 1024) return new Map()
  return readLoaderCache(tree.read('/etc/ld.so.cache')) ?? new Map()
}

/** musl has no cache: `/etc/ld-musl-ARCH.path` replaces its three default directories. */
function muslLoader(tree: FileTree, machine: Machine | undefined): Loader {
  const configured = machine && textAt(tree, `/etc/ld-musl-${machine.musl}.path`, 1024 * 1024)
  const directories = configured
    ?.split(/[\n:]/)
    .map((dir) => dir.trim())
    .filter(Boolean)
  return {
    libc: 'musl',
    cache: new Map(),
    directories: directories?.length ? directories : ['/lib', '/usr/local/lib', '/usr/lib'],
    lib: ['lib'],
    platform: machine ? [machine.platform] : [],
  }
}
