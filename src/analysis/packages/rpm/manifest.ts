import type { FileTree } from '../../../image/index.ts'
import { textAt } from '../../text.ts'
import type { Package } from '../../types.ts'
import { sourceName } from './source-name.ts'

/** Azure Linux keeps this list in its distroless images, where there is no database. */
const place = '/var/lib/rpmmanifest/container-manifest-2'

/**
 * A line a package, its fields between tabs: name, version and release, times of installation and build, vendor, epoch,
 * size, architecture, epoch as a number, source package. Files are not listed.
 */
export function packagesInManifest(tree: FileTree): readonly Package[] | undefined {
  return textAt(tree, place)
    ?.split('\n')
    .map((line) => line.split('\t'))
    .flatMap(([name, version, , , , , , arch, epoch, source]) =>
      name && version
        ? [
            {
              manager: 'rpm' as const,
              name,
              version: Number(epoch) > 0 ? `${epoch}:${version}` : version,
              ...(arch ? { arch } : {}),
              ...(source?.endsWith('.rpm') ? { source: sourceName(source) } : {}),
              depends: [],
              provides: [],
              files: [],
            },
          ]
        : [],
    )
}
