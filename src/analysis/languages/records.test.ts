import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryTree, type Spec } from '../../../test/support/memory-tree.ts'
import type { FileTree, ImageConfig } from '../../image/index.ts'
import { pythonEnvironments } from '../python/index.ts'
import { languageFacts } from './index.ts'
import type { LanguageFacts } from './types.ts'

type Files = Readonly<Record<string, Spec>>

function read(files: Files, config: ImageConfig['config'] = {}): [FileTree, LanguageFacts] {
  const tree = memoryTree([files])
  const image: ImageConfig = {
    ...{ architecture: 'amd64', os: 'linux', history: [], config },
    rootfs: { type: 'layers', diff_ids: [] },
  }
  return [tree, languageFacts(tree, image, pythonEnvironments(tree, image))]
}

/** `category confidence` of every file, by path. */
function kinds(
  files: Files,
  config: ImageConfig['config'] = {},
): Readonly<Record<string, string | undefined>> {
  const [tree, facts] = read(files, config)
  const out: Record<string, string | undefined> = {}
  for (const entry of tree.walk()) {
    if (entry.kind !== 'file') continue
    const fact = facts.of(entry)
    out[entry.path] = fact && `${fact.category} ${fact.confidence}`
  }
  return out
}

function packages(files: Files): readonly string[] {
  const [, facts] = read(files)
  return facts.packages.map(({ manager, name, version, files: own }) =>
    [manager, name, version, own.length].join(' '),
  )
}

const gems = '/usr/local/bundle/ruby/3.3.0'
const ruby: Files = {
  [`${gems}/specifications/nokogiri-1.16.0.gemspec`]: 'Gem::Specification.new',
  [`${gems}/specifications/rack-3.0.8.gemspec`]: 'Gem::Specification.new',
  [`${gems}/specifications/rspec-core-3.12.2.gemspec`]: 'Gem::Specification.new',
  [`${gems}/gems/nokogiri-1.16.0/lib/nokogiri.rb`]: 'x',
  [`${gems}/gems/nokogiri-1.16.0/lib/nokogiri/nokogiri.so`]: 'elf',
  [`${gems}/gems/nokogiri-1.16.0/ext/nokogiri/nokogiri.c`]: 'int x;',
  [`${gems}/gems/nokogiri-1.16.0/ext/nokogiri/extconf.rb`]: 'mkmf',
  [`${gems}/gems/nokogiri-1.16.0/ext/nokogiri/nokogiri.o`]: 'elf',
  [`${gems}/gems/rack-3.0.8/lib/rack/test/kit.rb`]: 'x',
  [`${gems}/gems/rack-3.0.8/test/spec_x.rb`]: 'x',
  [`${gems}/gems/rack-3.0.8/CHANGELOG.md`]: 'x',
  [`${gems}/gems/rack-3.0.8/MIT-LICENSE`]: 'x',
  [`${gems}/gems/rspec-core-3.12.2/lib/rspec/core.rb`]: 'x',
  [`${gems}/extensions/x86_64-linux/3.3.0/nokogiri-1.16.0/nokogiri/nokogiri.so`]: 'elf',
  [`${gems}/extensions/x86_64-linux/3.3.0/nokogiri-1.16.0/mkmf.log`]: 'checking',
  [`${gems}/doc/rack-3.0.8/ri/cache.ri`]: 'x',
  [`${gems}/cache/rack-3.0.8.gem`]: 'packed',
  [`${gems}/bundler/gems/ours-0123abcd4567/lib/ours.rb`]: 'x',
  '/app/Gemfile': `source 'x'
gem 'rack'
group :development, :test do
  gem "rspec-core" # tests
end
gem 'nokogiri', group: :default
`,
  '/app/Gemfile.lock': `GEM
  specs:
    nokogiri (1.16.0)
    rack (3.0.8)
    rspec-core (3.12.2)

PLATFORMS
  ruby
`,
}

test('gems: what was unpacked, built and left, by their specifications', () => {
  const found = kinds(ruby, { Env: ['RAILS_ENV=production'] })
  const at = (path: string): string | undefined => found[`${gems}/${path}`]
  expect(at('gems/nokogiri-1.16.0/lib/nokogiri.rb')).toBe('language-packages A')
  expect(at('gems/nokogiri-1.16.0/lib/nokogiri/nokogiri.so')).toBe('language-packages A')
  expect(at('gems/nokogiri-1.16.0/ext/nokogiri/nokogiri.c')).toBe('headers B')
  expect(at('gems/nokogiri-1.16.0/ext/nokogiri/extconf.rb')).toBe('headers B')
  expect(at('gems/nokogiri-1.16.0/ext/nokogiri/nokogiri.o')).toBe('static-libraries B')
  expect(at('gems/rack-3.0.8/lib/rack/test/kit.rb')).toBe('language-packages A')
  expect(at('gems/rack-3.0.8/test/spec_x.rb')).toBe('tests B')
  expect(at('gems/rack-3.0.8/CHANGELOG.md')).toBe('docs-and-locales B')
  expect(at('gems/rack-3.0.8/MIT-LICENSE')).toBe('language-packages A')
  const built = 'extensions/x86_64-linux/3.3.0/nokogiri-1.16.0'
  expect(at(`${built}/nokogiri/nokogiri.so`)).toBe('language-packages A')
  expect(at(`${built}/mkmf.log`)).toBe('package-caches B')
  expect(at('doc/rack-3.0.8/ri/cache.ri')).toBe('docs-and-locales B')
  expect(at('cache/rack-3.0.8.gem')).toBe('package-caches B')
  expect(at('bundler/gems/ours-0123abcd4567/lib/ours.rb')).toBe('language-packages A')
  expect(at('gems/rspec-core-3.12.2/lib/rspec/core.rb')).toBe('dev-dependencies B')
  expect(found['/app/Gemfile']).toBeUndefined()
  expect(packages(ruby)).toEqual([
    'gem nokogiri 1.16.0 8',
    'gem rack 3.0.8 6',
    'gem rspec-core 3.12.2 2',
    'gem ours 0123abcd4567 1',
  ])
})

test('without production in the environment an app loads its development gems itself', () => {
  const path = `${gems}/gems/rspec-core-3.12.2/lib/rspec/core.rb`
  expect(kinds(ruby)[path]).toBe('language-packages A')
})

const vendor = '/var/www/vendor'
const composer = (record: unknown): Files => ({
  [`${vendor}/composer/installed.json`]: JSON.stringify(record),
  [`${vendor}/composer/autoload_real.php`]: 'x',
  [`${vendor}/autoload.php`]: 'x',
  [`${vendor}/monolog/monolog/src/Logger.php`]: 'x',
  [`${vendor}/monolog/monolog/tests/LoggerTest.php`]: 'x',
  [`${vendor}/monolog/monolog/README.md`]: 'x',
  [`${vendor}/phpunit/phpunit/src/TestCase.php`]: 'x',
  '/var/www/index.php': 'x',
  '/root/.composer/cache/files/monolog/x.zip': 'x',
})
const phpPackages = [
  { name: 'monolog/monolog', version: '3.5.0', 'install-path': '../monolog/monolog' },
  { name: 'phpunit/phpunit', version: '10.5.0' },
]

test('Composer packages, and those that its record calls development only', () => {
  const found = kinds(
    composer({ packages: phpPackages, dev: true, 'dev-package-names': ['phpunit/phpunit'] }),
  )
  expect(found).toEqual({
    [`${vendor}/composer/installed.json`]: 'language-packages B',
    [`${vendor}/composer/autoload_real.php`]: 'language-packages B',
    [`${vendor}/autoload.php`]: 'language-packages B',
    [`${vendor}/monolog/monolog/src/Logger.php`]: 'language-packages A',
    [`${vendor}/monolog/monolog/tests/LoggerTest.php`]: 'tests B',
    [`${vendor}/monolog/monolog/README.md`]: 'docs-and-locales B',
    [`${vendor}/phpunit/phpunit/src/TestCase.php`]: 'dev-dependencies A',
    '/var/www/index.php': undefined,
    '/root/.composer/cache/files/monolog/x.zip': 'package-caches B',
  })
  // Composer 1: a bare list that says nothing of development.
  const old = composer(phpPackages)
  expect(kinds(old)[`${vendor}/phpunit/phpunit/src/TestCase.php`]).toBe('language-packages A')
  expect(packages(old)).toEqual([
    'composer monolog/monolog 3.5.0 3',
    'composer phpunit/phpunit 10.5.0 1',
  ])
})

const dotnet = '/usr/share/dotnet'
const net: Files = {
  [`${dotnet}/dotnet`]: { text: 'elf', mode: 0o755 },
  [`${dotnet}/sdk/8.0.100/MSBuild.dll`]: 'x',
  [`${dotnet}/sdk/8.0.100/MSBuild.deps.json`]: '{}',
  [`${dotnet}/packs/Microsoft.NETCore.App.Ref/8.0.0/System.xml`]: 'x',
  [`${dotnet}/shared/Microsoft.NETCore.App/8.0.0/System.dll`]: 'x',
  [`${dotnet}/shared/Microsoft.AspNetCore.App/8.0.0/Kestrel.dll`]: 'x',
  '/app/shop.dll': 'x',
  '/app/shop.pdb': 'x',
  '/app/Json.dll': 'json',
  '/app/de/Json.resources.dll': 'de',
  '/app/runtimes/win-x64/native/sqlite.dll': 'win',
  '/app/runtimes/linux-x64/native/libsqlite.so': 'linux',
  '/app/shop.runtimeconfig.json': JSON.stringify({
    runtimeOptions: { framework: { name: 'Microsoft.NETCore.App', version: '8.0.0' } },
  }),
  '/app/shop.deps.json': JSON.stringify({
    targets: {
      '.NETCoreApp,Version=v8.0': {
        'shop/1.0.0': { runtime: { 'shop.dll': {} } },
        'Json/13.0.3': {
          runtime: { 'lib/net6.0/Json.dll': {} },
          resources: { 'lib/net6.0/de/Json.resources.dll': { locale: 'de' } },
        },
        'SQLite/2.1.6': {
          runtimeTargets: {
            'runtimes/win-x64/native/sqlite.dll': { rid: 'win-x64' },
            'runtimes/linux-x64/native/libsqlite.so': { rid: 'linux-x64' },
          },
        },
      },
    },
    libraries: {
      'shop/1.0.0': { type: 'project' },
      'Json/13.0.3': { type: 'package' },
      'SQLite/2.1.6': { type: 'package' },
    },
  }),
  '/src/obj/project.assets.json': '{}',
  '/src/obj/Debug/shop.dll': 'x',
}

test('.NET: SDK and frameworks, NuGet packages of a published app, builds for other systems', () => {
  const found = kinds(net, { Cmd: ['dotnet', '/app/shop.dll'], Env: [`PATH=${dotnet}`] })
  expect(found[`${dotnet}/sdk/8.0.100/MSBuild.dll`]).toBe('compilers B')
  expect(found[`${dotnet}/packs/Microsoft.NETCore.App.Ref/8.0.0/System.xml`]).toBe('compilers B')
  expect(found[`${dotnet}/shared/Microsoft.NETCore.App/8.0.0/System.dll`]).toBe('runtime B')
  expect(found[`${dotnet}/shared/Microsoft.AspNetCore.App/8.0.0/Kestrel.dll`]).toBe('runtime C')
  expect(found['/app/shop.dll']).toBeUndefined()
  expect(found['/app/shop.pdb']).toBe('debug-tools B')
  expect(found['/app/Json.dll']).toBe('language-packages A')
  expect(found['/app/de/Json.resources.dll']).toBe('language-packages A')
  expect(found['/app/runtimes/linux-x64/native/libsqlite.so']).toBe('language-packages A')
  expect(found['/app/runtimes/win-x64/native/sqlite.dll']).toBe('dev-dependencies B')
  expect(found['/src/obj/Debug/shop.dll']).toBe('package-caches B')
  expect(packages(net)).toEqual(['nuget Json 13.0.3 2', 'nuget SQLite 2.1.6 2'])
  const runs = kinds(net, { Cmd: ['dotnet', 'run'], Env: [`PATH=${dotnet}`] })
  expect(runs[`${dotnet}/sdk/8.0.100/MSBuild.dll`]).toBe('runtime B')
})

const jdk: Files = {
  '/opt/jdk/release': 'IMPLEMENTOR="X"\nJAVA_VERSION="17.0.9"\n',
  '/opt/jdk/lib/modules': 'jimage',
  '/opt/jdk/lib/src.zip': 'x',
  '/opt/jdk/lib/ct.sym': 'x',
  '/opt/jdk/jmods/java.base.jmod': 'x',
  '/opt/jdk/include/jni.h': 'x',
  '/opt/jdk/bin/java': { text: 'elf', mode: 0o755 },
  '/opt/jdk/bin/javac': { text: 'elf', mode: 0o755 },
  '/opt/maven/bin/mvn': { text: '#!/bin/sh\n', mode: 0o755 },
  '/opt/maven/lib/maven-core-3.9.6.jar': 'x',
  '/root/.m2/repository/a/a-1.jar': 'x',
}

test('a JDK: what only builds read, unless the image starts something that builds', () => {
  const env = ['PATH=/opt/jdk/bin:/opt/maven/bin']
  expect(kinds(jdk, { Cmd: ['java', '-jar', '/a.jar'], Env: env })).toEqual({
    '/opt/jdk/release': 'runtime B',
    '/opt/jdk/lib/modules': 'runtime B',
    '/opt/jdk/lib/src.zip': 'compilers B',
    '/opt/jdk/lib/ct.sym': 'compilers B',
    '/opt/jdk/jmods/java.base.jmod': 'compilers B',
    '/opt/jdk/include/jni.h': 'headers B',
    '/opt/jdk/bin/java': 'runtime B',
    '/opt/jdk/bin/javac': 'compilers B',
    '/opt/maven/bin/mvn': 'compilers B',
    '/opt/maven/lib/maven-core-3.9.6.jar': 'compilers B',
    '/root/.m2/repository/a/a-1.jar': 'package-caches B',
  })
  const building = kinds(jdk, { Cmd: ['mvn', 'spring-boot:run'], Env: env })
  expect(new Set(Object.values(building))).toEqual(new Set(['runtime B', 'language-packages B']))
})

const compiled: Files = {
  '/usr/local/go/VERSION': 'go1.22.5\ntime 2024\n',
  '/usr/local/go/bin/go': { text: 'elf', mode: 0o755 },
  '/usr/local/go/src/fmt/print.go': 'package fmt',
  '/home/dev/go/pkg/mod/cache/download/x/@v/v1.zip': 'x',
  '/home/dev/go/pkg/mod/example.org/x@v1/x.go': 'package x',
  '/opt/rust/toolchains/1.80.0-x86_64-unknown-linux-gnu/lib/rustlib/components': 'rustc',
  '/opt/rust/toolchains/1.80.0-x86_64-unknown-linux-gnu/bin/rustc': { text: 'elf', mode: 0o755 },
  '/opt/cargo/bin/rustup': { text: 'elf', mode: 0o755 },
  '/opt/cargo/bin/cargo': { text: 'elf', mode: 0o755 },
  '/opt/cargo/bin/rg': { text: 'elf', mode: 0o755 },
  '/opt/cargo/.crates.toml': '[v1]\n"ripgrep 14.1.0 (registry+x)" = ["rg"]\n',
  '/opt/cargo/registry/src/x/libc/lib.rs': 'x',
  '/src/main.rs': 'fn main() {}',
  '/src/target/.rustc_info.json': '{}',
  '/src/target/release/server': { text: 'elf', mode: 0o755 },
  '/src/target/release/server.d': 'x',
  '/src/target/release/deps/liblibc-0123.rlib': 'ar',
  '/src/target/release/deps/server-0123': { text: 'elf', mode: 0o755 },
  '/src/target/release/build/x/output': 'x',
}

test('Go and Rust: toolchains, caches and build directories, and the programs beside them', () => {
  const found = kinds(compiled, { Cmd: ['/src/target/release/server'] })
  expect(found['/usr/local/go/src/fmt/print.go']).toBe('compilers B')
  expect(found['/home/dev/go/pkg/mod/example.org/x@v1/x.go']).toBe('package-caches B')
  const rust = '/opt/rust/toolchains/1.80.0-x86_64-unknown-linux-gnu'
  expect(found[`${rust}/bin/rustc`]).toBe('compilers B')
  expect(found['/opt/cargo/bin/cargo']).toBe('compilers B')
  expect(found['/opt/cargo/bin/rg']).toBe('app B')
  expect(found['/opt/cargo/registry/src/x/libc/lib.rs']).toBe('package-caches B')
  expect(found['/src/main.rs']).toBeUndefined()
  expect(found['/src/target/release/server']).toBeUndefined()
  expect(found['/src/target/release/server.d']).toBe('package-caches B')
  expect(found['/src/target/release/deps/liblibc-0123.rlib']).toBe('static-libraries B')
  expect(found['/src/target/release/deps/server-0123']).toBe('package-caches B')
  expect(found['/src/target/release/build/x/output']).toBe('package-caches B')
  const go = { Cmd: ['go', 'run', '.'], Env: ['PATH=/usr/local/go/bin'] }
  expect(kinds(compiled, go)['/usr/local/go/src/fmt/print.go']).toBe('runtime B')
})

const pnpm = '/app/node_modules/.pnpm'
const manifest = (name: string, more: object = {}): string =>
  JSON.stringify({ name, version: '1.0.0', ...more })
const linked: Files = {
  '/app/package.json': manifest('app', {
    dependencies: { web: '1' },
    devDependencies: { eslint: '1' },
  }),
  '/app/node_modules/web': { link: '.pnpm/web@1.0.0/node_modules/web' },
  '/app/node_modules/eslint': { link: '.pnpm/eslint@1.0.0/node_modules/eslint' },
  [`${pnpm}/web@1.0.0/node_modules/web/package.json`]: manifest('web', {
    dependencies: { b: '1' },
  }),
  [`${pnpm}/web@1.0.0/node_modules/b`]: { link: '../../b@1.0.0/node_modules/b' },
  [`${pnpm}/b@1.0.0/node_modules/b/package.json`]: manifest('b'),
  [`${pnpm}/eslint@1.0.0/node_modules/eslint/package.json`]: manifest('eslint'),
  [`${pnpm}/jest@1.0.0/node_modules/jest/package.json`]: manifest('jest'),
  '/app/node_modules/.cache/babel/x.json': '{}',
}

test('what pnpm linked: development by the manifest, and a name alone decides nothing', () => {
  const found = kinds(linked, { Cmd: ['node', '/app/server.js'] })
  expect(found).toEqual({
    '/app/package.json': undefined,
    [`${pnpm}/web@1.0.0/node_modules/web/package.json`]: 'language-packages A',
    [`${pnpm}/b@1.0.0/node_modules/b/package.json`]: 'language-packages A',
    [`${pnpm}/eslint@1.0.0/node_modules/eslint/package.json`]: 'dev-dependencies B',
    [`${pnpm}/jest@1.0.0/node_modules/jest/package.json`]: 'language-packages C',
    '/app/node_modules/.cache/babel/x.json': 'package-caches B',
  })
})

test('the package manager that came with Node, until the image starts it', () => {
  const npm = '/usr/local/lib/node_modules/npm'
  const files: Files = {
    [`${npm}/package.json`]: manifest('npm'),
    [`${npm}/bin/npm-cli.js`]: { text: '#!/usr/bin/env node\n', mode: 0o755 },
    [`${npm}/node_modules/semver/package.json`]: manifest('semver'),
    '/usr/local/bin/npm': { link: '../lib/node_modules/npm/bin/npm-cli.js' },
  }
  const path = `${npm}/node_modules/semver/package.json`
  expect(kinds(files, { Cmd: ['node', '/app.js'] })[path]).toBe('dev-dependencies B')
  expect(kinds(files, { Cmd: ['npm', 'start'] })[path]).toBe('language-packages A')
  expect(kinds(files)[path]).toBe('language-packages A')
})

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
      const [tree, facts] = read({ ...fixed, ...Object.fromEntries(list) })
      for (const entry of tree.walk()) if (entry.kind === 'file') facts.of(entry)
      // Every file belongs to one package at most, and every listed file is there.
      const owned = facts.packages.flatMap(({ files }) => files.filter((path) => tree.lookup(path)))
      for (const one of facts.packages) expect(typeof one.version).toBe('string')
      expect(new Set(owned).size).toBe(owned.length)
    }),
    { numRuns: 300 },
  )
})
