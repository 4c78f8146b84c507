import { expect, test } from 'vitest'
import { elfFile } from '../../../test/support/elf-file.ts'
import { memoryTree, type Spec } from '../../../test/support/memory-tree.ts'
import { pythonEnvironments } from './environments.ts'
import { foreignLibraries } from './foreign-libraries.ts'
import { moduleNameOf, nativeModulesOf } from './modules.ts'
import { pathFiles } from './path-files.ts'
import { recordPaths } from './record.ts'

const program = { text: '\x7fELF', mode: 0o755 }
const site = '/usr/local/lib/python3.11/site-packages'
const installed: Readonly<Record<string, Spec>> = {
  '/usr/local/bin/python3.11': program,
  '/usr/local/bin/python3': { link: 'python3.11' },
  '/usr/local/lib/python3.11/os.py': '',
  [`${site}/psycopg2-2.9.9.dist-info/METADATA`]:
    'Metadata-Version: 2.1\nName: psycopg2\nVersion: 2.9.9\nRequires-Dist: Typing_Extensions >=4; python_version<"3.13"\nRequires-Dist: pytest; extra == "test"\n\nName: not-this\n',
  [`${site}/psycopg2-2.9.9.dist-info/RECORD`]:
    '"psycopg2/a,b.py",sha256=x,1\npsycopg2/_psycopg.cpython-311-x86_64-linux-gnu.so,,\n../../../bin/tool,,\n',
  [`${site}/psycopg2-2.9.9.dist-info/INSTALLER`]: 'pip\n',
  [`${site}/Old.Style.egg-info`]: 'Metadata-Version: 1.0\nName: Old_Style\nVersion: 1\n',
}
const environments = (files: Readonly<Record<string, Spec>>, env: readonly string[] = []) =>
  pythonEnvironments(memoryTree([files]), { config: { Env: env } })

test('an interpreter with its distributions', () => {
  expect(environments(installed)).toEqual([
    {
      interpreter: '/usr/local/bin/python3',
      version: '3.11',
      prefix: '/usr/local',
      sitePackages: [site],
      distributions: [
        {
          name: 'Old_Style',
          key: 'old-style',
          version: '1',
          path: `${site}/Old.Style.egg-info`,
          files: [`${site}/Old.Style.egg-info`],
          requires: [],
        },
        {
          name: 'psycopg2',
          key: 'psycopg2',
          version: '2.9.9',
          path: `${site}/psycopg2-2.9.9.dist-info`,
          files: [
            `${site}/psycopg2/a,b.py`,
            `${site}/psycopg2/_psycopg.cpython-311-x86_64-linux-gnu.so`,
            '/usr/local/bin/tool',
          ],
          requires: ['typing-extensions'],
          installer: 'pip',
        },
      ],
    },
  ])
})

test('an interpreter without its library is none', () => {
  expect(environments({ '/usr/bin/python3.11': program })).toEqual([])
})

test('virtual environments are found beside PATH, with or without the system below', () => {
  const venv = (systemSite: boolean): Readonly<Record<string, Spec>> => ({
    ...installed,
    '/opt/venv/pyvenv.cfg': `home = /usr/local/bin\ninclude-system-site-packages = ${systemSite}\nversion = 3.11.9\n`,
    '/opt/venv/bin/python': { link: '/usr/local/bin/python3' },
    '/opt/venv/lib/python3.11/site-packages/x-1.dist-info/METADATA': 'Name: x\nVersion: 1\n',
  })
  const names = (systemSite: boolean): unknown =>
    environments(venv(systemSite)).map(({ prefix, distributions }) => [
      prefix,
      distributions.map(({ key }) => key),
    ])
  expect(names(false)).toEqual([
    ['/usr/local', ['old-style', 'psycopg2']],
    ['/opt/venv', ['x']],
  ])
  expect(names(true)).toEqual([
    ['/usr/local', ['old-style', 'psycopg2']],
    ['/opt/venv', ['old-style', 'psycopg2', 'x']],
  ])
})

test('editable installs: the place a .pth or a finder names', () => {
  const files = {
    ...installed,
    [`${site}/__editable__.app-1.pth`]: '/src/app\n',
    [`${site}/code.pth`]: 'import os; os.getcwd()\n# /comment\n\n../relative\n',
    [`${site}/__editable___lib_1_finder.py`]: "MAPPING: dict[str, str] = {'lib': '/gone/lib'}\n",
    '/src/app/app.egg-info/PKG-INFO': 'Name: app\nVersion: 1\n',
  }
  expect(pathFiles(memoryTree([files]), site)).toEqual([
    { path: `${site}/__editable__.app-1.pth`, targets: [{ path: '/src/app', exists: true }] },
    {
      path: `${site}/__editable___lib_1_finder.py`,
      targets: [{ path: '/gone/lib', exists: false }],
    },
    {
      path: `${site}/code.pth`,
      targets: [{ path: '/usr/local/lib/python3.11/relative', exists: false }],
    },
  ])
  expect(environments(files)[0]?.distributions.map(({ key }) => key)).toContain('app')
})

test('records with quotes, line ends of Windows and no last line end', () => {
  expect(recordPaths('"a ""b"".py",x,1\r\nc.py,,\nd.py')).toEqual(['a "b".py', 'c.py', 'd.py'])
})

test('import names of extension files', () => {
  const names = [
    'psycopg2/_psycopg.cpython-311-x86_64-linux-gnu.so',
    'cryptography/hazmat/bindings/_rust.abi3.so',
    '_cffi_backend.so',
    'numpy.libs/libopenblas64_p-r0-0cf96a72.3.23.dev.so',
    'pillow.libs/libjpeg-a1.so.62.4.0',
  ].map((path) => moduleNameOf(`${site}/${path}`, [site]))
  expect(names).toEqual([
    'psycopg2._psycopg',
    'cryptography.hazmat.bindings._rust',
    '_cffi_backend',
    undefined,
    undefined,
  ])
  expect(moduleNameOf('/elsewhere/m.so', [site])).toBeUndefined()
})

test('shared objects of a distribution, the libraries it bundles included', () => {
  const [environment] = environments(installed)
  expect(environment?.distributions.map(nativeModulesOf)).toEqual([
    [],
    [`${site}/psycopg2/_psycopg.cpython-311-x86_64-linux-gnu.so`],
  ])
})

test('libraries that Python opens by name', () => {
  const tree = memoryTree([
    {
      '/usr/lib/x86_64-linux-gnu/libmagic.so.1.0.0': elfFile({ soname: 'libmagic.so.1' }),
      '/usr/lib/x86_64-linux-gnu/libmagic.so.1': { link: 'libmagic.so.1.0.0' },
      '/site/magic.py':
        "lib = ctypes.CDLL(find_library('magic'))\nctypes.CDLL('libgone.so.3')\nctypes.CDLL('magic1.dll')\n",
    },
  ])
  expect(foreignLibraries(tree, ['/site/magic.py'])).toEqual([
    {
      from: '/site/magic.py',
      name: 'magic',
      call: 'find_library',
      found: '/usr/lib/x86_64-linux-gnu/libmagic.so.1.0.0',
    },
    { from: '/site/magic.py', name: 'libgone.so.3', call: 'open', found: undefined },
  ])
})
