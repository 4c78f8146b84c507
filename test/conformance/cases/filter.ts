import type { Case } from './types.ts'

/** `--parents`, `--exclude` and ignore files. */
export const filterCases: readonly Case[] = [
  {
    name: 'exclude: patterns against each source, wildcards, links kept, an emptied directory made',
    refs: ['testExcludedFilesOnCopy', 'buildah copy--exclude-*', 'gotcha 63'],
    context: {
      'dir1/file-101.png': 'a',
      'dir1/file-102.txt': 'b',
      'dir1/file-103.jpeg': 'c',
      'dir2/file-201.pdf': 'd',
      'dir2/file-202.jpeg': 'e',
      'dir2/deep/file-203.png': 'f',
      'dir4/link': { link: '../dir1/file-101.png' },
    },
    steps: [
      {
        dockerfile: `FROM scratch
COPY --exclude=*.png --exclude=*.jpeg dir1 dir2 /1/
COPY --exclude=*/*.png . /2/
COPY --exclude=** dir1 /3/
COPY --exclude=**/*.png --exclude=!deep/file-203.png dir2 /4/
ADD --exclude=dir1 --exclude=dir2/deep . /5/
COPY --exclude=deep/file* dir2 /6/
`,
        files: {
          '/1/file-102.txt': 'b',
          '/1/file-201.pdf': 'd',
          '/1/deep/file-203.png': 'f',
          '/2/dir1/file-102.txt': 'b',
          '/2/dir1/file-103.jpeg': 'c',
          '/2/dir2/file-201.pdf': 'd',
          '/2/dir2/file-202.jpeg': 'e',
          '/2/dir2/deep/file-203.png': 'f',
          '/2/dir4/link': { type: 'symlink' },
          '/3': { type: 'dir' },
          '/4/file-201.pdf': 'd',
          '/4/file-202.jpeg': 'e',
          '/4/deep/file-203.png': 'f',
          '/5/dir2/file-201.pdf': 'd',
          '/5/dir2/file-202.jpeg': 'e',
          '/5/dir4/link': { type: 'symlink' },
          '/6/file-201.pdf': 'd',
          '/6/file-202.jpeg': 'e',
          '/6/deep': { type: 'dir' },
        },
      },
    ],
    older: '20.10 has no --exclude',
  },
  {
    name: 'parents: the path of a file, of a wildcard, and their directories with metadata',
    refs: ['testCopyParents', 'buildah copy--parents-*', 'gotcha 62'],
    context: {
      'foo1/foo2/bar': { text: 'testing', mode: 0o600 },
      'foo1/foo2': { kind: 'dir', mode: 0o711 },
      'foo3/bar': 'other',
      'foo1/no': 'no',
    },
    steps: [
      {
        dockerfile: `FROM scratch
COPY --parents foo1/foo2/bar /
WORKDIR /test
COPY --parents foo*/**/bar .
COPY --parents ./foo1/foo2/ba* /w
`,
        files: {
          '/foo1/foo2': { type: 'dir', mode: '0711' },
          '/foo1/foo2/bar': { text: 'testing', mode: '0600' },
          '/test/foo1/foo2/bar': 'testing',
          '/test/foo3/bar': 'other',
          '/w/foo1/foo2/bar': 'testing',
        },
      },
    ],
    older: '20.10 has no --parents',
  },
  {
    name: 'parents: the pivot cuts what is before it',
    refs: ['testCopyRelativeParents', 'gotcha 62'],
    context: {
      'a/b/c/d/foo': 'foo',
      'a/b/c/d/e/bay': 'bay',
      'a/b2/c/d/e/baz': 'baz',
      'a/b/c3/d/x': 'x',
    },
    steps: [
      {
        dockerfile: `FROM scratch
COPY --parents ./a/b/./c/d /1/
COPY --parents a/b*/./c/**/e /2/
COPY --parents a/./b/c/d/foo a/b2/./c/d/e/baz /3/
COPY --parents /a/b/c/./d/foo /4/
COPY --parents a/b/./c*/d/**  /5/
`,
        files: {
          '/1/c/d/foo': 'foo',
          '/1/c/d/e/bay': 'bay',
          '/2/c/d/e/bay': 'bay',
          '/2/c/d/e/baz': 'baz',
          '/3/b/c/d/foo': 'foo',
          '/3/c/d/e/baz': 'baz',
          '/4/d/foo': 'foo',
          '/5/c/d/foo': 'foo',
          '/5/c/d/e/bay': 'bay',
          '/5/c3/d/x': 'x',
        },
      },
    ],
    older: '20.10 has no --parents',
  },
  {
    name: 'parents: a literal path has to exist, a wildcard may find nothing',
    refs: ['testCopyParentsMissingDirectory', 'gotcha 62'],
    context: { 'a/b': 'b' },
    steps: [
      { dockerfile: 'FROM scratch\nCOPY --parents a/c/* a/b /\n', files: { '/a/b': 'b' } },
      { dockerfile: 'FROM scratch\nCOPY --parents a/c/d /\n', refused: /not found/ },
      { dockerfile: 'FROM scratch\nCOPY --parents c/./d /\n', refused: /not found/ },
    ],
    older: '20.10 has no --parents',
  },
  {
    name: 'ignore file: order, negation below an excluded directory, the Dockerfile itself',
    refs: ['testDockerignore', 'TestExclusionPatternMatches', 'gotcha 67', 'gotcha 69'],
    context: {
      '.dockerignore': 'ignored\nbar\n!bar/keep\n*.md\n!README.md\nDockerfile\n.dockerignore\n',
      foo: 'foo',
      ignored: 'i',
      'bar/x': 'x',
      'bar/keep': 'k',
      'a.md': 'a',
      'README.md': 'r',
      Dockerfile: 'FROM scratch\nCOPY . /\n',
    },
    steps: [
      {
        files: { '/foo': 'foo', '/bar/keep': 'k', '/README.md': 'r' },
      },
      { dockerfile: 'FROM scratch\nCOPY ignored /\n', refused: /"\/ignored".*not found/ },
    ],
  },
  {
    name: "ignore file: the one with the Dockerfile's name replaces the other",
    refs: ['testDockerignoreOverride', 'gotcha 68'],
    context: {
      '.dockerignore': 'foo\n',
      'Dockerfile.foo.dockerignore': 'bar\n',
      foo: 'f',
      bar: 'b',
      'Dockerfile.foo': 'FROM scratch\nCOPY foo bar* /\n',
    },
    steps: [{ file: 'Dockerfile.foo', files: { '/foo': 'f' } }],
  },
  {
    name: 'ignore file: a lone ! is an error',
    refs: ['testDockerignoreInvalid', 'gotcha 71'],
    context: { '.dockerignore': '!\n', foo: 'f' },
    steps: [{ dockerfile: 'FROM scratch\nCOPY . .\n', refused: /illegal exclusion pattern: "!"/ }],
    older: '20.10 says nothing',
  },
  ...['**', '**/', '**/**', '*'].map(
    (pattern): Case => ({
      name: `ignore file: ${pattern} empties the context and COPY . still succeeds`,
      refs: ['TestBuildDockerignoringWildTopDir', 'gotcha 72'],
      context: { '.dockerignore': `${pattern}\n`, 'a/b': 'b', c: 'c' },
      steps: [
        { dockerfile: 'FROM scratch\nCOPY . /\nCOPY . /x/\n', files: { '/x': { type: 'dir' } } },
      ],
    }),
  ),
  {
    name: 'ignore file: patterns at depth, ** and files, comments at column 0 only',
    refs: ['patternmatcher TestMatches', 'gotcha 70', 'gotcha 71', 'gotcha 74'],
    context: {
      '.dockerignore': '# no\n #yes\nabc/**\n**/*.tmp\na/*.txt\n/rooted/\n.*\n',
      'abc/x': 'x',
      'd/e/f.tmp': 't',
      'a/1.txt': '1',
      'a/b/2.txt': '2',
      'rooted/r': 'r',
      'z/rooted/r': 'r',
      '.hidden': 'h',
      '#yes': 'y',
      '#no': 'n',
      'top.tmp': 't',
      'd/e/g': 'g',
    },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY . /\n',
        files: {
          '/abc': { type: 'dir' },
          '/a/b/2.txt': '2',
          '/z/rooted/r': 'r',
          '/#no': 'n',
          '/d/e/g': 'g',
        },
      },
    ],
  },
  {
    name: 'ignore file: it holds in every stage and for mounts, not for files of a stage',
    refs: ['Dockerfile_test_dockerignore', 'testCopyIgnoredFiles', 'gotcha 73'],
    context: { '.dockerignore': 'secret\n.dockerignore\n', secret: 's', open: 'o' },
    steps: [
      {
        dockerfile: `FROM busybox AS a
COPY . /in
RUN --mount=target=/ctx [ ! -e /ctx/secret ] && [ -e /ctx/open ] && echo made > /in/secret
FROM scratch
COPY --from=a /in /out
COPY . /own
`,
        files: { '/out/open': 'o', '/out/secret': 'made\n', '/own/open': 'o' },
      },
    ],
  },
  {
    name: 'hard links whose first name is ignored keep their content',
    refs: ['fsutil TestHardlinkFilter', 'bud copy-dockerignore-hardlinks', 'gotcha 53'],
    context: {
      '.dockerignore': 'a1\n',
      a1: 'same',
      a2: { hardlink: 'a1' },
      a3: { hardlink: 'a1' },
    },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY . /\n',
        files: { '/a2': 'same', '/a3': 'same', '/.dockerignore': 'a1\n' },
      },
    ],
  },
]
