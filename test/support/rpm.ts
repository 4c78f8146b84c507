import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unpackedPackage } from './unpacked-package.ts'

const libraries = ['librpm9', 'librpmio9', 'librpmbuild9', 'liblua5.3-0', 'libpopt0', 'libelf1']

/** Debian's rpm, rpmbuild and the tools of Berkeley DB, unpacked and not installed. @returns stdout */
export function rpmTool(
  tool: 'rpm' | 'rpmbuild' | 'db5.3_load',
  args: readonly string[],
  input?: string,
): string {
  const path = libraries.map((name) => join(unpackedPackage(name), 'usr/lib', triplet())).join(':')
  const root = unpackedPackage(tool === 'db5.3_load' ? 'db5.3-util' : 'rpm')
  const common = join(unpackedPackage('rpm-common'), 'usr/lib/rpm')
  return execFileSync(
    'env',
    [`LD_LIBRARY_PATH=${path}`, `RPM_CONFIGDIR=${common}`, join(root, 'usr/bin', tool), ...args],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(input === undefined ? {} : { input }),
    },
  )
}

/** Builds the packages that spec files describe and installs them all in `FOLDER/system`. @returns that root */
export function rpmSystem(folder: string, specs: Readonly<Record<string, string>>): string {
  const [top, root] = [join(folder, 'build'), join(folder, 'system')]
  mkdirSync(top, { recursive: true })
  mkdirSync(root)
  const attributes = `_fileattrsdir ${join(unpackedPackage('rpm'), 'usr/lib/rpm/fileattrs')}`
  for (const [name, text] of Object.entries(specs)) {
    const spec = join(top, `${name}.spec`)
    writeFileSync(spec, text)
    const defines = [
      `_topdir ${top}`,
      `_rpmdir ${top}`,
      '__os_install_post %{nil}',
      '__check_files %{nil}',
      attributes,
    ]
    rpmTool('rpmbuild', ['-bb', ...defines.flatMap((define) => ['--define', define]), spec])
  }
  const made = readdirSync(top, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.rpm'),
  )
  const there = ['--root', root, '--dbpath', '/var/lib/rpm']
  const packages = made.map((path) => join(top, path))
  rpmTool('rpm', [...there, '-i', '--nodeps', '--noscripts', ...packages])
  return root
}

/** Asks rpm about every package of a database: a line each time the format says so. */
export function rpmQuery(database: string, format: string): readonly string[] {
  return rpmTool('rpm', ['--dbpath', database, '-qa', '--qf', format]).split('\n').filter(Boolean)
}

function triplet(): string {
  return process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
}
