import type { PythonEnvironment } from '../../analysis/index.ts'
import { usedPythons } from '../files/index.ts'
import type { Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'

/** Parts of the standard library that develop, test or draw; slim bases leave them out. */
const notToRun =
  /^(?:test|tests|idlelib|turtledemo|tkinter|turtle|lib2to3|ensurepip|pydoc_data|__phello__|__hello__|_\w*test\w*|_sysconfigdata\w*|config-[\w-]+|site-packages|dist-packages|__pycache__|sitecustomize|LICENSE|xx\w+|_tkinter|EXTERNALLY-MANAGED|distutils)$/

/**
 * The interpreters themselves: an environment whose distributions or programs the app uses is in lean with the same
 * minor version, and its standard library has every module that fat's has.
 */
export function interpreterDifferences(fat: Side, lean: Side): readonly Evidence[] {
  const used = usedPythons(fat)
  return used.flatMap((one) => {
    const twin = lean
      .environments()
      .find(({ prefix, version }) => prefix === one.prefix && version === one.version)
    if (twin) return missingModules(one, fat, lean)
    const found = lean.environments().map(({ prefix, version }) => `${version} in ${prefix}`)
    return [
      {
        message: `Python ${one.version} in ${one.prefix} is not in lean`,
        subject: `Python ${one.version}`,
        path: one.interpreter,
        fat: `${one.version} in ${one.prefix}`,
        lean: found.join(', ') || 'none',
        missing: { kind: 'interpreter', path: one.interpreter, neededBy: 'the app' } as const,
      },
    ]
  })
}

function missingModules(
  { prefix, version }: PythonEnvironment,
  fat: Side,
  lean: Side,
): readonly Evidence[] {
  const dirs = [`${prefix}/lib/python${version}`, `${prefix}/lib/python${version}/lib-dynload`]
  const absent = dirs.flatMap((dir) => {
    const theirs = new Set(lean.tree.readdir(dir).map(moduleName))
    return fat.tree
      .readdir(dir)
      .filter((name) => !theirs.has(moduleName(name)) && !notToRun.test(moduleName(name)))
      .map((name) => `${dir}/${name}`)
  })
  return absent.map((path) => ({
    message: `the standard library of Python ${version} in lean lacks ${path}`,
    subject: moduleName(path.slice(path.lastIndexOf('/') + 1)),
    path,
    fat: 'there',
    lean: 'absent',
    missing: { kind: 'file', path },
  }))
}

/** `_ssl` for `_ssl.cpython-311-x86_64-linux-gnu.so`, `smtplib` for `smtplib.py`. */
function moduleName(file: string): string {
  return file.replace(/\.(?:py|so|pyc|cpython-.*|abi3\.so)$/, '').replace(/\.cpython-.*$/, '')
}
