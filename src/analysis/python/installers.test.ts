import { expect, test } from 'vitest'
import type { PythonDistribution } from '../types.ts'
import { installerOnly, topModulesOf } from './installers.ts'

const site = '/usr/local/lib/python3.11/site-packages'

function distribution(key: string, ...requires: readonly string[]): PythonDistribution {
  const path = `${site}/${key}-1.0.dist-info`
  return {
    ...{ name: key, key, version: '1.0', path, requires },
    files: [`${site}/${key}/__init__.py`, `${path}/METADATA`, `/usr/local/bin/${key}`],
  }
}

const poetry = distribution('poetry', 'requests', 'cleo')
const cleo = distribution('cleo', 'rapidfuzz')
const rapidfuzz = distribution('rapidfuzz')
const requests = distribution('requests', 'certifi')
const certifi = distribution('certifi')
const keysOf = (all: readonly PythonDistribution[], used: readonly string[] = []): string[] =>
  installerOnly(all, ({ key }) => used.includes(key))
    .map((one) => one.key)
    .sort((a, b) => (a < b ? -1 : 1))

test('an installer goes with everything that only it requires', () => {
  const all = [poetry, cleo, rapidfuzz, requests, certifi, distribution('flask')]
  expect(keysOf(all)).toEqual(['certifi', 'cleo', 'poetry', 'rapidfuzz', 'requests'])
})

test('what a distribution that stays requires, stays with all it requires itself', () => {
  const app = distribution('app', 'requests')
  expect(keysOf([poetry, cleo, rapidfuzz, requests, certifi, app])).toEqual([
    'cleo',
    'poetry',
    'rapidfuzz',
  ])
})

test('what the app uses by itself stays, the installer too', () => {
  const all = [poetry, cleo, rapidfuzz, requests, certifi]
  expect(keysOf(all, ['certifi'])).toEqual(['cleo', 'poetry', 'rapidfuzz', 'requests'])
  expect(keysOf(all, ['poetry'])).toEqual([])
})

test('without an installer nothing goes', () => {
  expect(keysOf([requests, certifi])).toEqual([])
})

test('top modules are the names that import statements say', () => {
  const yaml = {
    ...distribution('pyyaml'),
    files: [
      `${site}/yaml/__init__.py`,
      `${site}/_yaml.cpython-311-x86_64-linux-gnu.so`,
      `${site}/six.py`,
      `${site}/PyYAML-6.0.dist-info/RECORD`,
      '/usr/local/bin/yaml',
    ],
  }
  expect([...topModulesOf(yaml)].sort((a, b) => (a < b ? -1 : 1))).toEqual(['_yaml', 'six', 'yaml'])
})
