import { expect, test } from 'vitest'
import { memoryTree, type Spec } from '../../../test/support/memory-tree.ts'
import { tinyElf } from '../../../test/support/tiny-elf.ts'
import { installedCopy } from './build-trees.ts'
import { compiledLanguages } from './languages.ts'
import { filesNamedBy } from './named-files.ts'
import { dataReadBy } from './read-data.ts'

const language = (name: string) => {
  const found = compiledLanguages.find(({ what }) => what === name)
  if (!found) throw new Error(`no language ${name}`)
  return found
}

test.each([
  ['Go', ['go build -o app .', 'go install ./...', 'go1.22 build'], ['go mod download', 'gofmt']],
  ['Rust', ['cargo build --release', 'cargo +nightly install x', 'rustc a.rs'], ['cargo fetch']],
  ['C and C++', ['make', 'make install', 'cmake -B build', 'gcc-12 a.c'], ['makeself', 'ccache x']],
  ['OCaml', ['ocamlopt a.ml', 'dune build'], ['ocamlformat']],
])('what compiles %s', (name, yes, no) => {
  for (const line of yes) expect(language(name).by.test(line), line).toBe(true)
  for (const line of no) expect(language(name).by.test(line), line).toBe(false)
})

test.each([
  ['Go', ['/app/main.go', '/app/go.mod'], ['/go/pkg/mod/x/LICENSE', '/root/.cache/go-build/aa/b']],
  [
    'Rust',
    ['/app/src/lib.rs', '/app/Cargo.lock'],
    ['/app/target/release/deps/app-1', '/app/target/release/app.d', '/usr/local/cargo/registry/x'],
  ],
  [
    'C and C++',
    ['/app/a.c', '/app/a.hpp', '/app/Makefile.in', '/app/CMakeLists.txt'],
    ['/app/CMakeFiles/x', '/app/config.status', '/app/.libs/a.lo', '/app/autom4te.cache/x'],
  ],
])('sources of %s, and what its compiler leaves', (name, sources, leftovers) => {
  for (const path of sources) expect(language(name).sources.test(path), path).toBe(true)
  for (const path of leftovers) expect(language(name).leftovers.test(path), path).toBe(true)
})

test.each([
  '/app/target/release/app',
  '/app/templates/index.html',
  '/app/config.toml',
  '/usr/local/cargo/bin/app',
  '/go/bin/app',
  '/app/app',
])('%s is neither', (path) => {
  for (const { sources, leftovers } of compiledLanguages)
    expect(sources.test(path) || leftovers.test(path)).toBe(false)
})

test('the copy of an installed program in the tree that it was built in', () => {
  const file: Spec = { text: 'program', mode: 0o755 }
  const tree = memoryTree([
    { '/usr/bin/tool': file },
    {
      '/src/build/CMakeCache.txt': '',
      '/src/build/app': file,
      '/src/build/tool': file,
      '/src/build/other': file,
      '/opt/app': file,
      '/usr/local/bin/app': file,
    },
  ])
  expect(installedCopy(tree, '/src/build/app', 1)).toBe('/usr/local/bin/app')
  expect(installedCopy(tree, '/src/build/other', 1)).toBeUndefined()
  expect(installedCopy(tree, '/opt/app', 1)).toBeUndefined()
  // The system's own program of that name is not what was built.
  expect(installedCopy(tree, '/src/build/tool', 1)).toBeUndefined()
})

const withText = (needed: readonly string[], text: string): Spec => ({
  text: Buffer.concat([tinyElf({ needed }), Buffer.from(text)]),
  mode: 0o755,
})

test('data is read by a program or by a library that it loads, not by the C library', () => {
  const lib = '/usr/lib/x86_64-linux-gnu'
  const tree = memoryTree([
    {
      [`${lib}/libc.so.6`]: withText([], 'getservbyname /etc/services'),
      [`${lib}/libcrypto.so.3`]: withText(['libc.so.6'], 'SSL_CERT_FILE'),
      '/app/plain': withText(['libc.so.6'], 'hello'),
      '/app/tls': withText(['libcrypto.so.3', 'libc.so.6'], 'hello'),
      '/app/names': withText(['libc.so.6'], '\0getaddrinfo\0'),
    },
  ])
  const read = (path: string) => Object.fromEntries(dataReadBy(tree, [path], []))
  expect(read('/app/plain')).toEqual({})
  expect(read('/app/tls')).toEqual({ 'ca-certificates': '/app/tls' })
  expect(read('/app/names')).toEqual({ services: '/app/names' })
})

test('files that a program names, by path or by soname', () => {
  const lib = '/usr/lib/x86_64-linux-gnu'
  const tree = memoryTree([
    {
      '/bin': { link: 'usr/bin' },
      '/usr/bin/git': { text: 'git', mode: 0o755 },
      '/usr/include/stdio.h': '',
      [`${lib}/libGL.so.1`]: { text: tinyElf({ soname: 'libGL.so.1' }) },
      '/app/app': withText([], '\0/bin/git\0libGL.so.1\0/usr/include/stdio.h\0/usr/bin/absent\0'),
    },
  ])
  expect(filesNamedBy(tree, ['/app/app'])).toEqual([
    { path: '/usr/bin/git', name: '/bin/git', by: '/app/app' },
    { path: `${lib}/libGL.so.1`, name: 'libGL.so.1', by: '/app/app' },
  ])
})
