import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePatterns, type PathPattern, type PatternState } from './patterns.ts'

const set = (...lines: readonly string[]) =>
  compilePatterns(
    lines.map(
      (line): PathPattern =>
        line.startsWith('!')
          ? { text: line.slice(1), negated: true }
          : { text: line, negated: false },
    ),
  )

/** How BuildKit's walk asks: parents first, each answer handed to the next. */
function walked(patterns: ReturnType<typeof set>, path: string): boolean {
  const parts = path.split('/')
  let state: PatternState | undefined
  for (let n = 1; n <= parts.length; n++) state = patterns.match(parts.slice(0, n).join('/'), state)
  return state?.excluded ?? false
}

// The rows of moby/patternmatcher's TestMatches, re-expressed (inputs cleaned): `=` itself, `/` by a parent, `-` not.
const rows: readonly (readonly [string, string, '=' | '/' | '-'])[] = [
  ['**', 'file', '='],
  ['**', 'dir/file', '='],
  ['**/**', 'dir/file', '='],
  ['dir/**', 'dir/file', '='],
  ['dir/**', 'dir/dir2/file', '='],
  ['**/dir', 'dir', '='],
  ['**/dir', 'dir/file', '/'],
  ['**/dir2/*', 'dir/dir2/file', '='],
  ['**/dir2/**', 'dir/dir2/dir3/file', '='],
  ['**file', 'file', '='],
  ['**file', 'dir/file', '='],
  ['**/file', 'dir/file', '='],
  ['**file', 'dir/dir/file', '='],
  ['**/file', 'dir/dir/file', '='],
  ['**/file*', 'dir/dir/file', '='],
  ['**/file*', 'dir/dir/file.txt', '='],
  ['**/file*txt', 'dir/dir/file.txt', '='],
  ['**/file*.txt', 'dir/dir/file.txt', '='],
  ['**/file*.txt*', 'dir/dir/file.txt', '='],
  ['**/**/*.txt', 'dir/dir/file.txt', '='],
  ['**/**/*.txt2', 'dir/dir/file.txt', '-'],
  ['**/*.txt', 'file.txt', '='],
  ['**/**/*.txt', 'file.txt', '='],
  ['a**/*.txt', 'a/file.txt', '='],
  ['a**/*.txt', 'a/dir/file.txt', '='],
  ['a**/*.txt', 'a/dir/dir/file.txt', '='],
  ['a/*.txt', 'a/dir/file.txt', '-'],
  ['a/*.txt', 'a/file.txt', '='],
  ['a/*.txt**', 'a/file.txt', '='],
  ['a[b-d]e', 'ae', '-'],
  ['a[b-d]e', 'ace', '='],
  ['a[b-d]e', 'aae', '-'],
  ['a[^b-d]e', 'aze', '='],
  ['.*', '.foo', '='],
  ['.*', 'foo', '-'],
  ['abc.def', 'abcdef', '-'],
  ['abc.def', 'abc.def', '='],
  ['abc.def', 'abcZdef', '-'],
  ['abc?def', 'abcZdef', '='],
  ['abc?def', 'abcdef', '-'],
  ['**/foo/bar', 'foo/bar', '='],
  ['**/foo/bar', 'dir/foo/bar', '='],
  ['**/foo/bar', 'dir/dir2/foo/bar', '='],
  ['abc/**', 'abc', '-'],
  ['abc/**', 'abc/def', '='],
  ['abc/**', 'abc/def/ghi', '='],
  ['**/.foo', '.foo', '='],
  ['**/.foo', 'bar.foo', '-'],
  ['a(b)c/def', 'a(b)c/def', '='],
  ['a(b)c/def', 'a(b)c/xyz', '-'],
  ['a.|)$(}+{bc', 'a.|)$(}+{bc', '='],
  [
    'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
    'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl',
    '=',
  ],
  ['dist/*.whl', 'dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl', '='],
  ['a\\\\', 'a\\', '='],
  ['a\\*b', 'a*b', '='],
  ['a*', 'ab/c', '/'],
  ['*/b', 'a/b', '='],
  ['*/b', 'a/c/b', '-'],
  ['x😀', 'x😀', '='],
  ['*😀', 'a😀', '='],
]

test.each(rows)('%j on %j: %s', (pattern, path, answer) => {
  const patterns = set(pattern)
  expect(patterns.match(path).excluded).toBe(answer === '=')
  expect(patterns.excludes(path)).toBe(answer !== '-')
  expect(walked(patterns, path)).toBe(answer !== '-')
})

test.each([
  [['**', '!util/docker/web'], 'util/docker/web/foo', false],
  [['**', '!util/docker/web', 'util/docker/web/foo'], 'util/docker/web/foo', true],
  [['**', '!dist/*.whl'], 'dist/a+b.whl', false],
  [['!fileutils.go', '*.go'], 'fileutils.go', true],
  [['*.go', '!fileutils.go'], 'fileutils.go', false],
  [['docs', '!docs/README.md'], 'docs/README.md', false],
  [['docs', '!docs/README.md'], 'docs/other.md', true],
  [['docs/*', '!docs/README.md'], 'docs/README.md', false],
  // A pattern that could change nothing on the parent is not looked at there, so it is not inherited either.
  [['a/b', '!a'], 'a/b', true],
  [['a', '!a/b', 'a/b/c'], 'a/b/c', true],
  [['a', '!a/b', 'a/b/c'], 'a/b/d', false],
] as const)('%j on %j is %j', (lines, path, excluded) => {
  expect(set(...lines).excludes(path)).toBe(excluded)
})

test.each(['[', 'a[', '[]a]', '\\', '[z-a]'])('malformed %j is refused', (pattern) => {
  expect(() => set(pattern)).toThrow('malformed pattern')
})

test('an excluded directory is read only when something in it may come back', () => {
  const patterns = set('node_modules', 'docs', '!docs/api/**')
  expect(patterns.mayReinclude('node_modules')).toBe(false)
  expect(patterns.mayReinclude('docs')).toBe(true)
  expect(patterns.mayReinclude('docs/api')).toBe(true)
  expect(set('a', '!**/keep').mayReinclude('a')).toBe(true)
})

test('no pattern makes a path slow', () => {
  const path = `${'a/'.repeat(2000)}b`
  expect(set(`${'**/a'.repeat(1)}/${'**/a*/'.repeat(30)}c`).match(path).excluded).toBe(false)
})

test('the short cuts answer as the reading of the pattern as a regular expression does', () => {
  const piece = fc.constantFrom('a', 'b', '/', '*', '?', '**/', '**', '[ab]', '.')
  const text = fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 8 })
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), text, (pieces, chars) => {
      const pattern = pieces.join('')
      // Only texts and patterns that path cleaning leaves alone; `**name` is a suffix by its own rule.
      fc.pre(!/\/\/|^\/|\/$/.test(pattern) && !/(?:^|\/)\.\.?(?:\/|$)/.test(pattern))
      fc.pre(!/^\*\*[ab.]+(?:\/[ab.]+)*$/.test(pattern))
      const path = chars.join('')
      expect(set(pattern).match(path).excluded).toBe(asRegExp(pattern).test(path))
    }),
    { numRuns: 3000 },
  )
})

function asRegExp(pattern: string): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? ''
    if (char === '*' && pattern[at + 1] === '*') {
      at += 1
      if (pattern[at + 1] === '/') at += 1
      source += at + 1 >= pattern.length ? '.*' : '(.*/)?'
    } else if (char === '*') source += '[^/]*'
    else if (char === '?') source += '[^/]'
    else source += char === '.' ? '\\.' : char
  }
  return new RegExp(`^${source}$`, 'su')
}
