import { expect, test } from 'vitest'
import { isBuildOnly, isBuildTool, isCompiler } from './build-only.ts'

test.each([
  ...['build-essential', 'gcc', 'g++', 'g++-12', 'gcc-12-aarch64-linux-gnu', 'clang-16', 'make'],
  ...['libpq-dev', 'zlib1g-dev', 'python3-dev', 'pkg-config', 'cmake', 'git', 'rustc', 'cargo'],
  ...['gfortran', 'golang-1.21', 'linux-headers-amd64', 'libstdc++-12-dev', 'swig4.0'],
])('%s only builds', (name) => {
  expect(isBuildOnly(name)).toBe(true)
})

test.each([
  ...['libpq5', 'curl', 'ffmpeg', 'ca-certificates', 'libgcc-s1', 'libstdc++6', 'gcc-12-base'],
  ...['libgomp1', 'tzdata', 'postgresql-client', 'netcat-openbsd', 'libgfortran5'],
])('%s is of use at run time', (name) => {
  expect(isBuildOnly(name)).toBe(false)
})

test('programs', () => {
  expect(
    ['./configure', '/usr/bin/make', 'x86_64-linux-gnu-gcc-12', 'wget'].map(isBuildTool),
  ).toEqual([true, true, true, true])
  expect(['python', 'tar', 'makeup', 'gunicorn'].map(isBuildTool)).toEqual([
    false,
    false,
    false,
    false,
  ])
  expect(['gcc', 'c++', 'clang-14', 'make'].map(isCompiler)).toEqual([true, true, true, false])
})
