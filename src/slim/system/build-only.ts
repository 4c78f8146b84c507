export { isBuildOnly } from '../../shell/index.ts'

/** Commands that only make sense where a build takes place, or that a slim base does not have. */
const tools: ReadonlySet<string> = new Set([
  'as',
  'autoconf',
  'autoreconf',
  'bazel',
  'c++',
  'cargo',
  'cc',
  'clang',
  'clang++',
  'cmake',
  'configure',
  'curl',
  'cython',
  'dpkg-buildpackage',
  'f2py',
  'g++',
  'gcc',
  'gfortran',
  'git',
  'go',
  'hg',
  'ld',
  'make',
  'meson',
  'ninja',
  'node',
  'npm',
  'npx',
  'patch',
  'pnpm',
  'protoc',
  'rustc',
  'rustup',
  'scons',
  'svn',
  'swig',
  'unzip',
  'wget',
  'xz',
  'yarn',
])

/** True for a program that builds, fetches or unpacks: `make`, `/usr/bin/gcc`, `./configure`, `curl`. */
export function isBuildTool(command: string): boolean {
  const name = command.slice(command.lastIndexOf('/') + 1)
  return tools.has(name) || isCompiler(name)
}

/** True for a compiler, assembler or linker, also with version and target in its name. */
export function isCompiler(command: string): boolean {
  const name = command.slice(command.lastIndexOf('/') + 1)
  return /^(?:[\w]+-linux-\w+-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|gfortran|rustc|nvcc|cc1)(?:-\d+)?$/.test(
    name,
  )
}
