import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Files, readLanguages } from '../../../test/support/language-files.ts'

const records = [
  '/app/node_modules/.package-lock.json',
  '/app/node_modules/a/package.json',
  '/app/package.json',
  '/opt/yarn-v1/package.json',
  '/app/vendor/composer/installed.json',
  '/app/shop.deps.json',
  '/app/shop.runtimeconfig.json',
  '/g/specifications/a-1.0.gemspec',
  '/app/Gemfile',
  '/app/Gemfile.lock',
  '/usr/local/go/VERSION',
  '/opt/jdk/release',
  '/opt/cargo/.crates.toml',
  '/app/a.jar',
  '/usr/lib/python3.11/site-packages/a-1.dist-info/METADATA',
  '/usr/lib/python3.11/site-packages/a-1.dist-info/RECORD',
]

const json = fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text))
const shapes = fc
  .constantFrom(
    { packages: null },
    { packages: { 'node_modules/a': null, '../../..': { dev: true } } },
    { packages: [null, 1, { name: 7 }, { name: 'a/b', 'install-path': '../../../../..' }] },
    { name: 'a', version: '1', dependencies: [], devDependencies: 'abc', main: 5, exports: null },
    { libraries: { a: null, 'b/1': { type: 'package' } }, targets: { t: null, u: { 'b/1': 3 } } },
    { runtimeOptions: { framework: [], frameworks: [null, { name: {} }] } },
  )
  .map((value) => Buffer.from(`\uFEFF${JSON.stringify(value)}`))

test('damaged records say nothing, and nothing is thrown', () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 64 }), json, shapes)
  const trees = fc.uniqueArray(fc.tuple(fc.constantFrom(...records), bytes), {
    selector: ([path]) => path,
  })
  const fixed: Files = {
    '/opt/jdk/lib/modules': 'x',
    '/opt/jdk/bin/java': { text: 'x', mode: 0o755 },
    '/opt/cargo/bin/rustup': { text: 'x', mode: 0o755 },
    '/usr/local/go/bin/go': { text: 'x', mode: 0o755 },
    '/usr/bin/python3.11': { text: 'x', mode: 0o755 },
    '/app/node_modules/loop': { link: 'loop' },
  }
  fc.assert(
    fc.property(trees, (list) => {
      const [tree, facts] = readLanguages({ ...fixed, ...Object.fromEntries(list) })
      for (const entry of tree.walk()) if (entry.kind === 'file') facts.of(entry)
      // Every file belongs to one package at most, and every listed file is there.
      const owned = facts.packages.flatMap(({ files }) => files.filter((path) => tree.lookup(path)))
      for (const one of facts.packages) expect(typeof one.version).toBe('string')
      expect(new Set(owned).size).toBe(owned.length)
    }),
    { numRuns: 300 },
  )
})
