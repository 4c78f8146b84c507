import { expect, test } from 'vitest'
import { parseRequirement, readRequirements } from './requirements.ts'

test.each([
  ['flask', 'flask', 'name'],
  ['Flask_SQLAlchemy[async]>=3 ; python_version < "4"', 'flask-sqlalchemy', 'name'],
  ['psycopg2==2.9.9 --hash=sha256:aa --hash=sha256:bb', 'psycopg2', 'name'],
  ['pkg @ https://example.com/pkg.zip', 'pkg', 'url'],
  ['git+https://example.com/pkg.git@v1#egg=Some.Pkg', 'some-pkg', 'vcs'],
  ['./vendor/lib-1.0-py3-none-any.whl', 'lib', 'path'],
  ['.', null, 'path'],
  ['file:///srv/pkg', null, 'path'],
])('%s', (line, name, kind) => {
  expect(parseRequirement(line, 'x')).toMatchObject({ name, kind })
})

const files: Readonly<Record<string, string>> = {
  '/app/requirements.txt': [
    '# comment',
    '--index-url https://example.com/simple',
    '-r requirements/base.txt  # with a comment',
    'flask \\',
    '  ==3.0.3',
    '-e ./plugin',
    '--no-binary=psycopg2',
    'x==1 --hash=sha256:aa',
    '-cconstraints.txt',
    '',
  ].join('\r\n'),
  '/app/requirements/base.txt': '-r ../requirements.txt\nrequests\n-r missing.txt\n',
  '/app/constraints.txt': 'urllib3<2\n',
}

test('options, includes and continued lines are read as pip reads them', () => {
  const file = readRequirements('/app/requirements.txt', (path) => files[path])
  expect(file?.requirements.map(({ name, text, at }) => [name ?? text, at])).toEqual([
    ['requests', 'base.txt:2'],
    ['flask', 'requirements.txt:4'],
    ['./plugin', 'requirements.txt:6'],
    ['x', 'requirements.txt:8'],
  ])
  expect(file?.requirements.map((one) => one.editable)).toEqual([false, false, true, false])
  expect(file?.options.map(({ name, value }) => [name, value])).toEqual([
    ['--index-url', 'https://example.com/simple'],
    ['--no-binary', 'psycopg2'],
  ])
  expect(file?.includes.filter((one) => !one.read)).toEqual([
    { path: '/app/requirements/missing.txt', read: false },
  ])
})
