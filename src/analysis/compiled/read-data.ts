import type { FileTree } from '../../image/index.ts'
import { linkClosure } from '../linking/index.ts'

/** Data of the system that compiled programs read by a fixed path. */
export type ReadData = 'ca-certificates' | 'services'

/** What a program or library has in it that reads the data: paths, variables, functions of other libraries. */
const signs: readonly { readonly id: ReadData; readonly texts: readonly string[] }[] = [
  {
    id: 'ca-certificates',
    texts: ['/etc/ssl/', 'ca-certificates.crt', 'SSL_CERT_', 'SSL_CTX_set_default_verify'],
  },
  {
    id: 'services',
    texts: ['/etc/services', 'getservby', 'getservent', 'getaddrinfo', 'getnameinfo'],
  },
]

/** They offer the functions to others, and call none of them by themselves. */
const ofSystem =
  /\/(?:ld-(?:linux|musl)[\w-]*|lib(?:c|m|pthread|dl|rt|resolv|nsl|util|gcc_s|stdc\+\+|nss_\w+)(?:-[\d.]+)?)\.so/

/**
 * The data that programs may read, each with the program that does, by what stands in them and in the libraries that
 * they load. A name that is put together at run time is not seen.
 * @param programs paths of ELF files
 * @param env the image's environment, `KEY=value`
 */
export function dataReadBy(
  tree: FileTree,
  programs: readonly string[],
  env: readonly string[],
): ReadonlyMap<ReadData, string> {
  const found = new Map<ReadData, string>()
  const seen = new Map<string, readonly ReadData[]>()
  const readsOf = (path: string): readonly ReadData[] => {
    const known = seen.get(path)
    if (known) return known
    const bytes = Buffer.from(tree.read(path))
    const reads = signs
      .filter(({ texts }) => texts.some((text) => bytes.includes(text)))
      .map(({ id }) => id)
    seen.set(path, reads)
    return reads
  }
  for (const program of programs)
    for (const path of linkClosure(tree, [program], { env }).elves.keys())
      for (const id of ofSystem.test(path) ? [] : readsOf(path))
        if (!found.has(id)) found.set(id, program)
  return found
}
