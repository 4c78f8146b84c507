import { expect, test } from 'vitest'
import { type MountFlag, parseMountFlag } from './mount.ts'

const set = (value: string): Partial<MountFlag> => {
  const { value: mount, diagnostics } = parseMountFlag(value)
  expect(diagnostics).toEqual([])
  return Object.fromEntries(Object.entries(mount).filter(([, option]) => option !== null))
}

test.each([
  ['target=/x', { type: 'bind', target: '/x', readOnly: true, required: false }],
  [
    'type=bind,from=b,src=/a,dst=/x,rw',
    { type: 'bind', from: 'b', source: '/a', target: '/x', readOnly: false, required: false },
  ],
  [
    'TYPE=Cache,destination=/x,id=i,sharing=locked,mode=0755,uid=1,gid=2',
    {
      type: 'cache',
      target: '/x',
      id: 'i',
      sharing: 'locked',
      mode: 0o755,
      uid: 1,
      gid: 2,
      readOnly: false,
      required: false,
    },
  ],
  [
    'type=cache,target=/x,ro=true',
    { type: 'cache', target: '/x', readOnly: true, required: false },
  ],
  [
    'type=bind,target=/x,readwrite=false',
    { type: 'bind', target: '/x', readOnly: true, required: false },
  ],
  [
    'type=tmpfs,target=/x,size=1.5GiB',
    { type: 'tmpfs', target: '/x', size: 1.5 * 1024 ** 3, readOnly: false, required: false },
  ],
  [
    'type=secret,id=s,env=TOKEN,required',
    { type: 'secret', id: 's', env: 'TOKEN', readOnly: true, required: true },
  ],
  ['type=ssh', { type: 'ssh', readOnly: true, required: false }],
  ['"target=/a,b",type=bind', { type: 'bind', target: '/a,b', readOnly: true, required: false }],
])('%s', (value, expected) => {
  expect(set(value)).toEqual(expected)
})

test.each([
  ['type=cach', 'unsupported mount type "cach" (did you mean cache?)', 'type=cach'],
  ['target=/x,foo=1', "unexpected key 'foo' in 'foo=1' (did you mean from?)", 'foo=1'],
  ['target=/x,foo', "invalid field 'foo' must be a key=value pair", 'foo'],
  ['ro=maybe', 'invalid value for ro: maybe', 'ro=maybe'],
  ['type=cache,mode=9', 'invalid value 9 for mode', 'mode=9'],
  ['type=bind,uid=1', 'uid not allowed for "bind" type mounts', 'type=bind,uid=1'],
  ['type=bind,size=1', "unexpected key 'size' for mount type 'bind'", 'type=bind,size=1'],
  [
    'type=bind,sharing=shared',
    'invalid cache sharing set for bind mount',
    'type=bind,sharing=shared',
  ],
  ['type=secret', 'invalid secret mount. one of source, target required', 'type=secret'],
  ['type=secret,id=a,source=b', "both source and id can't be set", 'type=secret,id=a,source=b'],
  [
    'type=bind,from=$X',
    "'from' doesn't support variable expansion, define alias stage instead",
    'from=$X',
  ],
])('%s is refused', (value, message, part) => {
  const found = parseMountFlag(value).diagnostics
  expect(found.map((item) => item.message)).toEqual([message])
  expect(found.map(({ range }) => value.slice(range.start, range.end))).toEqual([part])
})

test('variables wait for the builder, which expands all but from', () => {
  const value = 'type=$T,target=$D,from=x,mode=$M'
  expect(parseMountFlag(value)).toMatchObject({
    diagnostics: [],
    value: { type: 'bind', target: null },
  })
  const known: Record<string, string> = { $T: 'cache', $D: '/d', $M: '700' }
  const { value: mount, diagnostics } = parseMountFlag(value, (text) => known[text] ?? text)
  expect(diagnostics).toEqual([])
  expect(mount).toMatchObject({
    type: 'cache',
    target: '/d',
    from: 'x',
    mode: 0o700,
    readOnly: false,
  })
})
