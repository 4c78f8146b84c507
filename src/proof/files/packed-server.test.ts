import { expect, test } from 'vitest'
import type { Spec } from '../../../test/support/memory-tree.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import { type Side, sideOf } from '../side.ts'
import { compareAppFiles } from './app-files.ts'
import { missingOpenedFiles } from './opened.ts'

const server = '/app/.next/standalone'

const standalone: Readonly<Record<string, Spec>> = {
  [`${server}/server.js`]: 'require("next")',
  [`${server}/package.json`]: '{"name":"app","dependencies":{"next":"15"}}',
  [`${server}/node_modules/next/package.json`]: '{"name":"next","version":"15.0.0"}',
  [`${server}/public/robots.txt`]: 'User-agent: *',
}

const build: Readonly<Record<string, Spec>> = {
  '/app/package.json': '{"name":"app","dependencies":{"next":"15","sharp":"1"}}',
  '/app/node_modules/next/package.json': '{"name":"next","version":"15.0.0"}',
  '/app/node_modules/sharp/package.json': '{"name":"sharp","version":"1.0.0"}',
  '/app/public/robots.txt': 'User-agent: *',
  '/app/.next/cache/a.pack': 'x',
  '/app/.next/BUILD_ID': 'x',
  '/app/app/style.css': 'b {}',
  '/app/app/page.tsx': 'export default () => null',
  '/app/middleware.ts': 'export const config = {}',
}

function side(name: string, own: Readonly<Record<string, Spec>>, cmd: string): Side {
  const node = { '/usr/local/bin/node': { text: 'x', mode: 0o755 } }
  const config = { WorkingDir: '/app', Cmd: ['node', cmd], Env: ['PATH=/usr/local/bin'] }
  return sideOf(subjectOf({ name, layers: [node, own], baseLayers: 1, config }))
}

test('a server that carries what it loads does without the rest of its project', () => {
  const fat = side('fat', { ...build, ...standalone }, '.next/standalone/server.js')
  const lean = side(
    'lean',
    { ...standalone, '/app/package.json': build['/app/package.json'] ?? '' },
    '.next/standalone/server.js',
  )
  expect(compareAppFiles(fat, lean).failures).toEqual([])
})

test('a package that it opens outside of its folder is missed, whatever P4 says', () => {
  const fat = side('fat', { ...build, ...standalone }, '.next/standalone/server.js')
  const lean = side('lean', standalone, '.next/standalone/server.js')
  const opened = '/app/node_modules/sharp/package.json'
  const { failures } = missingOpenedFiles(fat, lean, new Map([[opened, 'opened']]))
  expect(failures.map(({ path }) => path)).toEqual([opened])
})

test('what its build left out of a package that it carries is not missed', () => {
  const bundle = '/app/node_modules/next/dist/compiled/webpack/bundle5.js'
  const opened = new Map([[bundle, 'opened' as const]])
  const failures = (version: string): readonly (string | undefined)[] => {
    const packages = {
      [bundle]: 'webpack',
      '/app/node_modules/next/package.json': `{"name":"next","version":"${version}"}`,
    }
    const fat = side('fat', { ...build, ...standalone, ...packages }, '.next/standalone/server.js')
    const lean = side('lean', standalone, '.next/standalone/server.js')
    return missingOpenedFiles(fat, lean, opened).failures.map(({ path }) => path)
  }
  expect(failures('15.0.0')).toEqual([])
  expect(failures('14.0.0')).toEqual([bundle])
})

test('a server of another folder needs the packages of the project', () => {
  const other = { '/app/server.js': 'require("next")' }
  const fat = side('fat', { ...build, ...standalone, ...other }, 'server.js')
  const lean = side('lean', { ...standalone, ...other }, 'server.js')
  expect(compareAppFiles(fat, lean).failures.map(({ path }) => path)).toContain(
    '/app/.next/BUILD_ID',
  )
})
