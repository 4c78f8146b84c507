import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../../test/support/temp-store.ts'
import { readRegistryFiles } from './index.ts'
import { parseToml } from './toml.ts'

function placesWith(files: Readonly<Record<string, string>>) {
  const root = tempFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const home = join(root, 'home')
  const dockerConfig = join(home, '.docker')
  return { etc: join(root, 'etc'), home, dockerConfig, registriesConf: null }
}

const conf = `
# short names are Docker's: this is not used
unqualified-search-registries = ["quay.example"]
short-name-mode = "enforcing"

[[registry]]
prefix = "example.com/team" # a comment
location = 'inner.example:5000/copies'
insecure = true

[[registry.mirror]]
location = "mirror.example/one/"
[[registry.mirror]]
location = "10.1.2.3:5000"
insecure = true
pull-from-mirror = "digest-only"

[[registry]]
location = "bad.example"
blocked = true
mirror-by-digest-only = true
mirror = [
  { location = "never.example" }, # the last one
]

[aliases]
"alpine" = "docker.io/library/alpine"
`

test('registries.conf, its drop-ins and daemon.json', () => {
  const files = readRegistryFiles(
    placesWith({
      'etc/containers/registries.conf': conf,
      'etc/containers/registries.conf.d/10.conf': '[[registry]]\nlocation = "bad.example"\n',
      'etc/docker/daemon.json':
        '{"registry-mirrors": ["https://hub.example"], "insecure-registries": ["http://old.example:5000/", "10.0.0.0/8"]}',
    }),
  )
  expect(files.mirrors).toEqual(['https://hub.example'])
  expect(files.insecure).toEqual([
    'old.example:5000',
    '10.0.0.0/8',
    'inner.example:5000',
    '10.1.2.3:5000',
  ])
  expect(files.rules).toEqual([
    {
      prefix: 'example.com/team',
      location: 'inner.example:5000/copies',
      insecure: true,
      blocked: false,
      mirrors: [
        { location: 'mirror.example/one', insecure: false, pull: 'all' },
        { location: '10.1.2.3:5000', insecure: true, pull: 'digest-only' },
      ],
    },
    // The drop-in comes later.
    {
      prefix: 'bad.example',
      location: 'bad.example',
      insecure: false,
      blocked: false,
      mirrors: [],
    },
  ])
})

test('a user’s own file is taken instead of the system’s; no file says nothing', () => {
  const both = readRegistryFiles(
    placesWith({
      'etc/containers/registries.conf': conf,
      'home/.config/containers/registries.conf': '',
      'etc/docker/daemon.json': '{"registry-mirrors": ["https://a.example"]}',
      'home/.config/docker/daemon.json': '{}',
    }),
  )
  expect([both.rules, both.mirrors, both.insecure]).toEqual([[], [], []])
  const none = readRegistryFiles(placesWith({}))
  expect([none.rules, none.mirrors, none.insecure]).toEqual([[], [], []])
})

test('certs.d: authorities of every folder, one own certificate, nothing outside the folder', () => {
  const files = readRegistryFiles(
    placesWith({
      'etc/docker/certs.d/r.example:5000/ca.crt': 'CA1',
      'home/.docker/certs.d/r.example:5000/other.crt': 'CA2',
      'home/.docker/certs.d/r.example:5000/client.cert': 'CERT',
      'home/.docker/certs.d/r.example:5000/client.key': 'KEY',
      'etc/docker/certs.d/half.example/client.cert': 'CERT',
      'etc/docker/secret/ca.crt': 'CA3',
    }),
  )
  expect(files.tls('r.example:5000')).toEqual({
    ca: ['CA1', 'CA2'],
    client: { cert: 'CERT', key: 'KEY' },
  })
  for (const host of ['r.example', '../secret', '..', 'a/../../secret'])
    expect(files.tls(host)).toBeUndefined()
  expect(() => files.tls('half.example')).toThrow(/client.key is missing/)
})

test.each<[string, string]>([
  ['etc/containers/registries.conf', '[[registry]]\nprefix = "x"\nlocation = "y\n'],
  ['etc/containers/registries.conf', '[[registry]]\nblocked = true\n'],
  ['etc/containers/registries.conf', 'registry = 3\n'],
  [
    'etc/containers/registries.conf',
    '[[registry]]\nlocation="x"\n[[registry.mirror]]\nlocation="y"\npull-from-mirror="now"\n',
  ],
  ['etc/docker/daemon.json', '[1'],
  ['etc/docker/daemon.json', '{"registry-mirrors": "https://x.example"}'],
])('%s: %j is refused', (path, text) => {
  expect(() => readRegistryFiles(placesWith({ [path]: text }))).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', kind: 'invalid' }),
  )
})

test('TOML: what is not understood is an error that names its line', () => {
  expect(parseToml('a.b = 1_000\n[x."y z"]\nc = [true, \n "\\u00e9"]\n')).toEqual({
    a: { b: 1000 },
    x: { 'y z': { c: [true, 'é'] } },
  })
  expect(parseToml('__proto__ = 1')['constructor']).toBe({}.constructor)
  for (const [text, why] of [
    ['a = 1\na = 2', 'line 2: a is said twice'],
    ['a = 1 b = 2', 'line 1: the line goes on'],
    ['\n\na = nothing', 'line 3: a value was expected'],
    ['a = [1 2]', 'line 1: ] was expected'],
    ['a = 1\n[a]', 'line 2: a is no table'],
  ] as const)
    expect(() => parseToml(text)).toThrow(why)
})
