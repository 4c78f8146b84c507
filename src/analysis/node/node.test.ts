import { expect, test } from 'vitest'
import { memoryTree } from '../../../test/support/memory-tree.ts'
import { byCodeUnit } from '../../image/index.ts'
import { nodeModules, packedServer, runsSources, scriptOfNode } from './index.ts'

const manifest = (value: object): string => JSON.stringify(value)

test('what production reaches: nested versions, optional ones, workspaces and their own; development is not followed', () => {
  const tree = memoryTree([
    {
      '/app/package.json': manifest({
        dependencies: { a: '1' },
        optionalDependencies: { o: '1' },
        devDependencies: { d: '1' },
      }),
      '/app/node_modules/a/package.json': manifest({
        name: 'a',
        version: '1.0.0',
        dependencies: { b: '2' },
      }),
      '/app/node_modules/a/node_modules/b/package.json': manifest({ name: 'b', version: '2.0.0' }),
      '/app/node_modules/b/package.json': manifest({ name: 'b', version: '1.0.0' }),
      '/app/node_modules/o/package.json': manifest({ name: 'o', version: '1.0.0' }),
      '/app/node_modules/o/build/Release/o.node': 'x',
      '/app/node_modules/o/lib/package.json': manifest({ type: 'module' }),
      '/app/node_modules/d/package.json': manifest({
        name: 'd',
        version: '1.0.0',
        dependencies: { b: '1' },
      }),
      '/app/node_modules/@us/own': { link: '../../packages/own' },
      '/app/packages/own/package.json': manifest({ name: '@us/own', dependencies: { c: '1' } }),
      '/app/node_modules/c/package.json': manifest({ name: 'c', version: '1.0.0' }),
    },
  ])
  const { packages, projects } = nodeModules(tree, tree.walk())
  expect(packages.map(({ name, version }) => `${name} ${version}`).sort(byCodeUnit)).toEqual([
    'a 1.0.0',
    'b 1.0.0',
    'b 2.0.0',
    'c 1.0.0',
    'd 1.0.0',
    'o 1.0.0',
  ])
  expect(packages.find(({ name }) => name === 'o')?.natives).toEqual([
    '/app/node_modules/o/build/Release/o.node',
  ])
  const [project] = projects
  const reached = [...(project?.production ?? [])].filter((path) => path.includes('/node_modules/'))
  expect(reached.sort(byCodeUnit)).toEqual([
    '/app/node_modules/a',
    '/app/node_modules/a/node_modules/b',
    '/app/node_modules/c',
    '/app/node_modules/o',
  ])
})

test('packages that pnpm links are reached at their real places', () => {
  const store = '/app/node_modules/.pnpm'
  const tree = memoryTree([
    {
      '/app/package.json': manifest({ dependencies: { a: '1' } }),
      '/app/node_modules/a': { link: '.pnpm/a@1.0.0/node_modules/a' },
      [`${store}/a@1.0.0/node_modules/a/package.json`]: manifest({
        name: 'a',
        version: '1.0.0',
        dependencies: { b: '1' },
      }),
      [`${store}/a@1.0.0/node_modules/b`]: { link: '../../b@1.0.0/node_modules/b' },
      [`${store}/b@1.0.0/node_modules/b/package.json`]: manifest({ name: 'b', version: '1.0.0' }),
      [`${store}/d@1.0.0/node_modules/d/package.json`]: manifest({ name: 'd', version: '1.0.0' }),
    },
  ])
  const { packages, projects } = nodeModules(tree, tree.walk())
  const reached = packages.filter(({ path }) =>
    projects.some(({ production }) => production.has(path)),
  )
  expect(packages.map(({ name }) => name)).toEqual(['a', 'b', 'd'])
  expect(reached.map(({ name }) => name)).toEqual(['a', 'b'])
})

test('what npm start and its kin run', () => {
  const tree = memoryTree([
    {
      '/app/package.json': manifest({
        scripts: { start: 'node server.js', prestart: 'check', build: 'tsc' },
      }),
      '/app/api/package.json': manifest({ scripts: { start: 'api' } }),
    },
  ])
  const texts = (...argv: string[]): readonly string[] =>
    scriptOfNode(tree, argv, '/app').map(({ text }) => text)
  expect(texts('npm', 'start')).toEqual(['check', 'node server.js'])
  expect(texts('/usr/local/bin/npm', 'run', 'build')).toEqual(['tsc'])
  expect(texts('yarn', 'build')).toEqual(['tsc'])
  expect(texts('npm', 'build')).toEqual([])
  expect(texts('npm', '--prefix', 'api', 'start')).toEqual(['api'])
  expect(texts('npx', '--yes', 'serve', 'it')).toEqual(["'serve' 'it'"])
  expect(texts('node', 'start')).toEqual([])
})

test.each([
  ['nest start', true],
  ['nest build', false],
  ['/app/node_modules/.bin/next dev', true],
  ['next start', false],
  ['vite', true],
  ['vite --host', true],
  ['vite preview', false],
  ['ts-node src/index.ts', true],
  ['node dist/main.js', false],
])('%s reads the sources: %s', (line, reads) => {
  const [name = '', ...words] = line.split(' ')
  expect(runsSources([{ name, arguments: words, files: [] }])).toBe(reads)
})

test('a packed server is alone when nothing else of the project is started', () => {
  const start = (...files: string[]) => packedServer([{ path: '/usr/local/bin/node', files }])
  const server = '/app/.next/standalone/server.js'
  expect(start(server)).toEqual({ project: '/app', output: '/app/.next/standalone' })
  expect(start('/srv/.output/server/index.mjs')).toEqual({
    project: '/srv',
    output: '/srv/.output',
  })
  expect(start('/app/entrypoint.sh', server)).not.toBeNull()
  expect(start('/app/migrate.js', server)).toBeNull()
  expect(start('/app/server.js')).toBeNull()
})
