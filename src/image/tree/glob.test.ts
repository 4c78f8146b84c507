import { expect, test } from 'vitest'
import { globMatch, hasGlob } from './glob.ts'

// The rows of Go's path/filepath TestMatch, re-expressed: pattern, name, and true, false or 'bad'.
const rows: readonly (readonly [string, string, boolean | 'bad'])[] = [
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*c', 'abc', true],
  ['a*', 'a', true],
  ['a*', 'abc', true],
  ['a*', 'ab/c', false],
  ['a*/b', 'abc/b', true],
  ['a*/b', 'a/c/b', false],
  ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxe/xxx/f', false],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/fff', false],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['a*b?c*x', 'abxbbxdbxebxczzy', false],
  ['ab[c]', 'abc', true],
  ['ab[b-d]', 'abc', true],
  ['ab[e-g]', 'abc', false],
  ['ab[^c]', 'abc', false],
  ['ab[^b-d]', 'abc', false],
  ['ab[^e-g]', 'abc', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'ab', false],
  ['a?b', 'a☺b', true],
  ['a[^a]b', 'a☺b', true],
  ['a???b', 'a☺b', false],
  ['a[^a][^a][^a]b', 'a☺b', false],
  ['[a-ζ]*', 'α', true],
  ['*[a-ζ]', 'A', false],
  ['a?b', 'a/b', false],
  ['a*b', 'a/b', false],
  ['[\\]a]', ']', true],
  ['[\\-]', '-', true],
  ['[x\\-]', 'x', true],
  ['[x\\-]', '-', true],
  ['[x\\-]', 'z', false],
  ['[\\-x]', 'x', true],
  ['[\\-x]', '-', true],
  ['[\\-x]', 'a', false],
  ['[]a]', ']', 'bad'],
  ['[-]', '-', 'bad'],
  ['[x-]', 'x', 'bad'],
  ['[x-]', '-', 'bad'],
  ['[x-]', 'z', 'bad'],
  ['[-x]', 'x', 'bad'],
  ['[-x]', '-', 'bad'],
  ['[-x]', 'a', 'bad'],
  ['\\', 'a', 'bad'],
  ['[a-b-c]', 'a', 'bad'],
  ['[', 'a', 'bad'],
  ['[^', 'a', 'bad'],
  ['[^bc', 'a', 'bad'],
  ['a[', 'a', 'bad'],
  ['a[', 'ab', 'bad'],
  ['a[', 'x', 'bad'],
  ['a/b[', 'x', 'bad'],
  ['*x', 'xxx', true],
  // COPY's own: classes that quote, emoji, two stars that stay two stars
  ['arr[[]0].txt', 'arr[0].txt', true],
  ['?', '😀', true],
  ['**/x', 'a/x', true],
  ['**/x', 'a/b/x', false],
  ['', '', true],
  ['', 'a', false],
]

test.each(rows)('%j on %j is %j', (pattern, name, expected) => {
  if (expected === 'bad') expect(() => globMatch(pattern, name)).toThrow('malformed pattern')
  else expect(globMatch(pattern, name)).toBe(expected)
})

test('a pattern of many stars is linear, not exponential', () => {
  expect(globMatch(`${'a*'.repeat(200)}b`, 'a'.repeat(20_000))).toBe(false)
})

test.each([
  ['plain/path.txt', false],
  ['a*b', true],
  ['a?', true],
  ['a[b]', true],
  ['a\\*b', false],
  ['a\\\\*', true],
  ['ends\\', false],
] as const)('hasGlob %j is %j', (pattern, expected) => {
  expect(hasGlob(pattern)).toBe(expected)
})
