import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storeWithBases } from '../support/bases.ts'
import { type Cli, writeFiles } from '../support/jettison.ts'

const full = 'python:3.11'
const slim = 'python:3.11-slim'

let jettison: Cli
let world: string

beforeAll(() => {
  jettison = storeWithBases([slim, full])
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-stand-ins-'))
})

afterAll(() => {
  rmSync(world, { recursive: true, force: true })
})

/** What a shell in a fresh container prints. */
async function inside(image: string, script: string): Promise<string> {
  const shell = ['--entrypoint', '/bin/sh', image, '-ec', script]
  return (await jettison.ok(['run', '--rm', '--network', 'none', ...shell])).trimEnd()
}

test.each([
  [slim, 0, 150e6],
  [full, 900e6, 1100e6],
])('%s has the size of the official image', async (image, least, most) => {
  const [found] = JSON.parse(await jettison.ok(['inspect', image])) as [{ readonly Size: number }]
  expect(found.Size).toBeGreaterThan(least)
  expect(found.Size).toBeLessThan(most)
})

test.each([slim, full])('%s says what it is', async (image) => {
  const [{ Config }] = JSON.parse(await jettison.ok(['inspect', image])) as [
    {
      readonly Config: { readonly Labels: object; readonly Env: string[]; readonly Cmd: string[] }
    },
  ]
  expect(Config.Labels).toMatchObject({
    'dev.jettison.stand-in': 'true',
    'dev.jettison.stand-in.for': image,
  })
  expect(Config.Env).toContain('LANG=C.UTF-8')
  expect(Config.Env.find((pair) => pair.startsWith('PATH='))).toMatch(/^PATH=\/usr\/local\/bin:/)
  expect(Config.Cmd).toEqual(['python3'])
})

const layout = `
import json, os, platform, shutil, site, sys, sysconfig
print(json.dumps({
    "commands": [shutil.which(name) for name in ("python", "python3", "python3.11", "pip", "pip3", "wheel")],
    "prefixes": [sys.prefix, sys.exec_prefix, sys.base_prefix],
    "site": site.getsitepackages(),
    "path": [entry for entry in sys.path if entry.endswith("-packages")],
    "paths": sysconfig.get_paths(),
    "default": sysconfig.get_default_scheme(),
    "compiler": sysconfig.get_config_var("CC"),
    "marker": os.path.exists(sysconfig.get_path("stdlib") + "/EXTERNALLY-MANAGED"),
    "header": os.path.exists(sysconfig.get_path("include") + "/Python.h"),
    "version": platform.python_version() == os.environ["PYTHON_VERSION"],
    "compiled": sum(name.endswith(".pyc") for _, _, names in os.walk("/usr/local") for name in names),
}))
`

test.each([slim, full])('the interpreter of %s lies where the official one lies', async (image) => {
  const site = '/usr/local/lib/python3.11/site-packages'
  const said = JSON.parse(await inside(image, `python -B - <<'EOF'${layout}EOF`)) as object
  expect(said).toMatchObject({
    commands: ['python', 'python3', 'python3.11', 'pip', 'pip3', 'wheel'].map(
      (name) => `/usr/local/bin/${name}`,
    ),
    prefixes: ['/usr/local', '/usr/local', '/usr/local'],
    site: [site],
    path: [site],
    paths: { purelib: site, platlib: site, scripts: '/usr/local/bin', data: '/usr/local' },
    default: 'posix_prefix',
    compiler: 'gcc',
    marker: false,
    header: true,
    version: true,
    compiled: 0,
  })
})

test('slim has no compiler, and the modules that need a library find it', async () => {
  const modules = 'ssl,sqlite3,ctypes,bz2,lzma,zlib,readline,curses,dbm.gnu,uuid,pyexpat,decimal'
  await inside(slim, `python -c 'import ${modules}'`)
  expect(await inside(slim, 'which gcc g++ cc make || echo none')).toBe('none')
  expect(await inside(full, 'which gcc make git pg_config')).toMatch(/^\S+\n\S+\n\S+\n\S+$/)
})

test('pip compiles an extension into the interpreter’s own site, with its script on PATH', async () => {
  const folder = writeFiles(join(world, 'extension'), {
    Dockerfile: `FROM ${full} AS builder
COPY . /src
RUN pip wheel --no-index --no-build-isolation --wheel-dir /wheels /src
RUN pip install --no-index --no-build-isolation /src && dive
RUN python -m venv /venv && /venv/bin/pip install --no-index /wheels/*.whl && /venv/bin/dive
FROM ${slim}
RUN --mount=type=bind,from=builder,source=/wheels,target=/wheels pip install --no-index /wheels/*.whl
`,
    'setup.py': `from setuptools import Extension, setup
setup(name="depth", version="1", py_modules=["dive"], ext_modules=[Extension("_depth", ["depth.c"])],
      entry_points={"console_scripts": ["dive = dive:main"]})
`,
    'dive.py': 'import _depth\n\ndef main():\n    print(_depth.metres())\n',
    'depth.c': `#include <Python.h>
static PyObject *metres(PyObject *self, PyObject *args) { return PyLong_FromLong(42); }
static PyMethodDef methods[] = {{"metres", metres, METH_NOARGS, ""}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_depth", NULL, -1, methods};
PyMODINIT_FUNC PyInit__depth(void) { return PyModule_Create(&module); }
`,
  })
  const { id } = JSON.parse(await jettison.ok(['build', '--json', folder])) as { id: string }
  try {
    expect(await inside(id, 'dive')).toBe('42')
    expect(await inside(id, 'head -n 1 "$(command -v dive)" "$(command -v pip)"')).toMatch(
      /(?:.*\n#!\/usr\/local\/bin\/python3?(?:\.11)?\s*){2}/,
    )
    expect(await inside(id, 'python -c "import _depth; print(_depth.__file__)"')).toMatch(
      /^\/usr\/local\/lib\/python3\.11\/site-packages\/_depth\.cpython-311-/,
    )
  } finally {
    await jettison.ok(['rmi', '--force', id])
  }
})

test('a program that embeds the interpreter finds the same site', async () => {
  const program =
    '#include <Python.h>\\nint main(void) { Py_Initialize(); return PyRun_SimpleString('
  const script = `
printf '${program}"import site; print(site.getsitepackages()[0], flush=True)"); }' > /tmp/e.c
gcc /tmp/e.c -o /tmp/e $(python3-config --includes) $(python3-config --ldflags --embed)
/tmp/e`
  expect(await inside(full, script)).toBe('/usr/local/lib/python3.11/site-packages')
})
