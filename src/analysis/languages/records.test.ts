import { expect, test } from 'vitest'
import { type Files, kinds, packages } from '../../../test/support/language-files.ts'

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
  [`${gems}/gems/nokogiri-1.16.0/ext/nokogiri/nokogiri.so`]: 'elf',
  [`${gems}/gems/rack-3.0.8/ext/rack.so`]: 'of no build here',
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
  expect(at('gems/nokogiri-1.16.0/ext/nokogiri/nokogiri.so')).toBe('static-libraries B')
  expect(at('gems/rack-3.0.8/ext/rack.so')).toBe('language-packages A')
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
    'gem nokogiri 1.16.0 9',
    'gem rack 3.0.8 7',
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

test('a development package that npm start runs stays, with what it needs and no other', () => {
  const modules = '/app/node_modules'
  const files: Files = {
    '/app/package.json': manifest('app', { scripts: { start: 'runner server.ts' } }),
    [`${modules}/.package-lock.json`]: JSON.stringify({
      packages: Object.fromEntries(
        ['runner', 'helper', 'linter'].map((name) => [`node_modules/${name}`, { dev: true }]),
      ),
    }),
    [`${modules}/.bin/runner`]: { link: '../runner/cli.js' },
    [`${modules}/runner/cli.js`]: { text: '#!/usr/bin/env node\n', mode: 0o755 },
    [`${modules}/runner/package.json`]: manifest('runner', { dependencies: { helper: '1' } }),
    [`${modules}/helper/package.json`]: manifest('helper'),
    [`${modules}/linter/package.json`]: manifest('linter'),
  }
  const started = kinds(files, { Cmd: ['npm', 'start'], WorkingDir: '/app' })
  const other = kinds(files, { Cmd: ['node', '/app/server.js'] })
  const at = (found: typeof other, name: string): string | undefined =>
    found[`${modules}/${name}/package.json`]
  for (const name of ['runner', 'helper', 'linter'])
    expect(at(other, name)).toBe('dev-dependencies A')
  expect(at(started, 'runner')).toBe('language-packages A')
  expect(at(started, 'helper')).toBe('language-packages A')
  expect(at(started, 'linter')).toBe('dev-dependencies A')
})

test("Yarn's archives are packages where Plug'n'Play loads them, and a cache elsewhere", () => {
  const archives = [
    'react-npm-18.3.1-af38f3c1ae-10c0.zip',
    '@babel-core-npm-7.24.0-9a54b1d8ee-8.zip',
  ]
  const files: Files = Object.fromEntries(
    archives.map((name) => [`/app/.yarn/cache/${name}`, 'zip']),
  )
  expect(new Set(Object.values(kinds(files)))).toEqual(new Set(['package-caches B']))
  const loaded: Files = { ...files, '/app/.pnp.cjs': 'x' }
  for (const name of archives)
    expect(kinds(loaded)[`/app/.yarn/cache/${name}`]).toBe('language-packages A')
  expect(packages(loaded)).toEqual(['npm @babel/core 7.24.0 1', 'npm react 18.3.1 1'])
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

test('interpreters below /usr/local: what runs apps, and what builds extensions for them', () => {
  const elf = { text: 'elf', mode: 0o755 }
  const found = kinds(
    {
      '/usr/local/bin/python3.11': elf,
      '/usr/local/bin/python3.11-config': elf,
      '/usr/local/lib/libpython3.11.so.1.0': 'elf',
      '/usr/local/lib/python3.11/os.py': 'x',
      '/usr/local/lib/python3.11/ensurepip/_bundled/pip.whl': 'x',
      '/usr/local/lib/python3.11/test/test_os.py': 'x',
      '/usr/local/lib/python3.11/config-3.11-x/libpython3.11.a': 'ar',
      '/usr/local/lib/python3.11/config-3.11-x/Makefile': 'read by sysconfig',
      '/usr/local/bin/node': elf,
      '/usr/local/include/node/node_version.h':
        '#define NODE_MAJOR_VERSION 20\n#define NODE_MINOR_VERSION 1\n#define NODE_PATCH_VERSION 2\n',
      '/usr/local/bin/ruby': elf,
      '/usr/local/lib/libruby.so.3.3.0': 'elf',
      '/usr/local/lib/libruby-static.a': 'ar',
      '/usr/local/lib/ruby/3.3.0/json.rb': 'x',
      '/usr/local/bin/php': elf,
      '/usr/local/bin/phpize': elf,
      '/usr/local/lib/php/extensions/no-debug/gd.so': 'elf',
      '/usr/local/lib/php/build/phpize.m4': 'x',
      '/app/.next/cache/webpack/0.pack': 'x',
      '/app/.next/cache/images/1.webp': 'x',
      '/app/.next/server/page.js': 'x',
    },
    { Env: ['PATH=/usr/local/bin'] },
  )
  expect(found).toEqual({
    '/usr/local/bin/python3.11': 'runtime B',
    '/usr/local/bin/python3.11-config': 'dev-dependencies B',
    '/usr/local/lib/libpython3.11.so.1.0': 'runtime B',
    '/usr/local/lib/python3.11/os.py': 'runtime B',
    '/usr/local/lib/python3.11/ensurepip/_bundled/pip.whl': 'dev-dependencies B',
    '/usr/local/lib/python3.11/test/test_os.py': 'tests B',
    '/usr/local/lib/python3.11/config-3.11-x/libpython3.11.a': 'static-libraries B',
    '/usr/local/lib/python3.11/config-3.11-x/Makefile': 'runtime B',
    '/usr/local/bin/node': 'runtime B',
    '/usr/local/include/node/node_version.h': undefined,
    '/usr/local/bin/ruby': 'runtime B',
    '/usr/local/lib/libruby.so.3.3.0': 'runtime B',
    '/usr/local/lib/libruby-static.a': 'static-libraries B',
    '/usr/local/lib/ruby/3.3.0/json.rb': 'runtime B',
    '/usr/local/bin/php': 'runtime B',
    '/usr/local/bin/phpize': 'dev-dependencies B',
    '/usr/local/lib/php/extensions/no-debug/gd.so': 'runtime B',
    '/usr/local/lib/php/build/phpize.m4': 'dev-dependencies B',
    '/app/.next/cache/webpack/0.pack': 'package-caches B',
    '/app/.next/cache/images/1.webp': undefined,
    '/app/.next/server/page.js': undefined,
  })
})
