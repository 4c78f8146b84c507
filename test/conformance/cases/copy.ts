import type { Case } from './types.ts'

/** COPY: symlinks, wildcards, destinations, owners and modes. */
export const copyCases: readonly Case[] = [
  {
    name: 'symlinks as sources are followed, by name and by wildcard, chains too',
    refs: ['testCopySymlinks', 'gotcha 45'],
    context: {
      foo: 'foo-text',
      'sub/l0': 'sub-text',
      bar: { link: 'foo' },
      baz: { link: 'sub/l0' },
      'sub/lfile': { link: 'l0' },
      l1: { link: 'l2' },
      l2: { link: 'foo' },
    },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY bar /\nCOPY ba* sub/\nCOPY sub/lfile /x/\nCOPY l1 /chain\n',
        files: {
          '/bar': 'foo-text',
          '/sub/bar': 'foo-text',
          '/sub/baz': 'sub-text',
          '/x/lfile': 'sub-text',
          '/chain': 'foo-text',
        },
      },
    ],
  },
  {
    name: 'symlinks inside a copied directory stay links, the same link as a source is followed',
    refs: ['testCopyFollowAllSymlinks', 'gotcha 45'],
    context: { 'd/file': 'x', 'd/link': { link: 'file' }, 'd/broken': { link: 'nowhere' } },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY d /d\nCOPY d/link /one\n',
        files: {
          '/d/file': 'x',
          '/d/link': { type: 'symlink', link: 'file' },
          '/d/broken': { type: 'symlink', link: 'nowhere' },
          '/one': 'x',
        },
      },
    ],
  },
  {
    name: 'a source below a symlinked directory of the context',
    refs: ['testCopyThroughSymlinkContext'],
    context: { 'real/a': 'a', link: { link: 'real' } },
    steps: [{ dockerfile: 'FROM scratch\nCOPY link/a /\n', files: { '/a': 'a' } }],
  },
  {
    name: 'sources below absolute and relative symlinks of another stage',
    refs: ['testCopyThroughSymlinkMultiStage'],
    steps: [
      {
        dockerfile: `FROM busybox AS build
RUN mkdir -p /out/sub && echo data > /out/sub/f && ln -s /out /abs && ln -s out rel && ln -s /out/sub /out/again
FROM scratch
COPY --from=build /abs/sub/f /1
COPY --from=build /rel/sub/f /2
COPY --from=build /abs/again/f /3
`,
        files: { '/1': 'data\n', '/2': 'data\n', '/3': 'data\n' },
      },
    ],
  },
  {
    name: 'a destination symlink is followed inside the root, its target made',
    refs: ['testSymlinkDestination', 'gotcha 46'],
    context: {
      foo: 'x',
      't.tar': {
        tar: { members: { symlink: { link: '../tmp/symlink-target' } }, only: ['symlink'] },
      },
    },
    steps: [
      {
        dockerfile: 'FROM scratch\nADD t.tar /\nCOPY foo /symlink/\n',
        files: {
          '/symlink': { type: 'symlink', link: '../tmp/symlink-target' },
          '/tmp/symlink-target/foo': 'x',
        },
      },
    ],
  },
  {
    name: 'absolute destination links do not leave the root',
    refs: ['TestBuildSymlinkBreakout', 'TestBuildAddToSymlinkDest', 'gotcha 46'],
    context: { foo: 'x' },
    steps: [
      {
        dockerfile:
          'FROM busybox\nRUN ln -s /../../../../var /escape && ln -s dangling /d\nCOPY foo /escape/in\nCOPY foo /d\n',
        files: {
          '/escape': { type: 'symlink' },
          '/var/in': 'x',
          '/d': { type: 'symlink' },
          '/dangling': 'x',
        },
      },
    ],
  },
  {
    name: 'wildcards: rename, contents, dir, dir/ and dir/. are one',
    refs: ['testCopyWildcards', 'gotcha 41', 'gotcha 42'],
    context: { 'foo.go': 'foo', 'bar.go': 'bar', 'base/baz.go': 'baz', 'base/deep/q': 'q' },
    steps: [
      {
        dockerfile: `FROM scratch
COPY *.go /gofiles/
COPY f*.go foo2.go
COPY base dest
COPY base/ dest2/
COPY base/. dest3
COPY base/* dest4/
COPY ./b*se/b* /one
`,
        files: {
          '/gofiles/foo.go': 'foo',
          '/gofiles/bar.go': 'bar',
          '/foo2.go': 'foo',
          '/dest/baz.go': 'baz',
          '/dest/deep/q': 'q',
          '/dest2/baz.go': 'baz',
          '/dest2/deep/q': 'q',
          '/dest3/baz.go': 'baz',
          '/dest3/deep/q': 'q',
          '/dest4/baz.go': 'baz',
          '/dest4/q': 'q',
          '/one': 'baz',
        },
      },
    ],
  },
  {
    name: 'a wildcard may match nothing, a literal may not be missing',
    refs: ['testEmptyWildcard', 'gotcha 43'],
    context: { foo: 'x' },
    steps: [
      { dockerfile: 'FROM scratch\nCOPY foo nomatch* /\n', files: { '/foo': 'x' } },
      { dockerfile: 'FROM scratch\nCOPY foo missing /\n', refused: /"\/missing".*not found/ },
      { dockerfile: 'FROM scratch\nCOPY no/* /x/\n', refused: /\/no.*(?:not found|no such file)/ },
    ],
  },
  {
    name: 'character classes and escapes of filepath.Match',
    refs: ['Dockerfile_test_copy', 'gotcha 44'],
    context: { 'arr[0].txt': 'arr', 'a?b': 'q', axb: 'x', b1: '1', b2: '2' },
    steps: [
      {
        dockerfile:
          'FROM scratch\nCOPY arr[[]0].txt /d/\nCOPY a?b /e/\nCOPY b[^1] /f/\nCOPY a?[b] /g/\n',
        files: {
          '/d/arr[0].txt': 'arr',
          '/e/a?b': 'q',
          '/e/axb': 'x',
          '/f/b2': '2',
          '/g/a?b': 'q',
          '/g/axb': 'x',
        },
      },
    ],
  },
  {
    name: 'several sources without a slash: each takes the place of the one before',
    refs: ['Dockerfile_test_copy', 'gotcha 42'],
    context: { a: 'a', b: 'b' },
    steps: [{ dockerfile: 'FROM scratch\nCOPY a b /dest\n', files: { '/dest': 'b' } }],
  },
  {
    name: 'directories are merged, files replaced',
    refs: ['testCopyOverrideFiles'],
    context: { 'sub/foo': 'foo', 'sub/dir1/bar': 'bar', files: 'x' },
    steps: [
      {
        dockerfile:
          'FROM scratch\nCOPY sub /\nCOPY sub /\nCOPY files /dir1/bar\nCOPY sub/dir1 /dir1\n',
        files: { '/foo': 'foo', '/dir1/bar': 'bar' },
      },
    ],
  },
  {
    name: 'relative destinations, .. and nested WORKDIRs',
    refs: ['testCopyRelative'],
    context: { foo: 'foo' },
    steps: [
      {
        dockerfile: `FROM busybox
WORKDIR /test1
WORKDIR test2
COPY foo .
COPY foo ../
COPY foo sub/x
COPY foo ../../abs
RUN [ -f /test1/test2/foo ]
`,
        files: {
          '/test1/test2/foo': 'foo',
          '/test1/foo': 'foo',
          '/test1/test2/sub/x': 'foo',
          '/abs': 'foo',
        },
      },
    ],
  },
  {
    name: 'percent signs, plus signs, umlauts and blanks in names',
    refs: ['testCopyUnicodePath', 'gotcha 60'],
    context: { 'test-äöü.txt': 'u', 'test-%C3%A4.txt': 'p', 'test+aou.txt': '+', 'a b': 'blank' },
    steps: [
      {
        dockerfile:
          'FROM scratch\nCOPY test-äöü.txt /\nCOPY test-%C3%A4.txt /\nCOPY test+aou.txt /\nCOPY ["a b", "/c d/"]\n',
        files: {
          '/test-äöü.txt': 'u',
          '/test-%C3%A4.txt': 'p',
          '/test+aou.txt': '+',
          '/c d/a b': 'blank',
        },
      },
    ],
  },
  {
    name: 'a socket of the context becomes an empty file, a FIFO stays one',
    refs: ['testCopySocket', 'fsutil TestCopyDevicesAndFifo', 'gotcha 54'],
    context: {
      'd/socket': { kind: 'socket', mode: 0o755 },
      'd/pipe': { kind: 'fifo', mode: 0o600 },
    },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY d /\n',
        files: { '/socket': '', '/pipe': { type: 'fifo', mode: '0600' } },
      },
    ],
  },
  {
    name: 'chown by id, by the names of the image, with a variable, recursively',
    refs: ['testCopyChown', 'testDockerfileAddChownExpand', 'gotcha 49'],
    context: { foo: 'foo', 'sub/bar': 'bar' },
    steps: [
      {
        dockerfile: `FROM busybox
ENV owner=1000
ARG group=nobody
COPY --chown=daemon foo /1
COPY --chown=1000:nobody sub /2
COPY --chown=\${owner}:\${group} foo /3
COPY --chown=1234 foo /4
COPY --chown=daemon:wheel foo /5/
COPY --chown=:10 foo /6
`,
        files: {
          '/1': { uid: 1, gid: 1 },
          '/2': { type: 'dir', uid: 1000, gid: 65534 },
          '/2/bar': { uid: 1000, gid: 65534 },
          '/3': { uid: 1000, gid: 65534 },
          '/4': { uid: 1234, gid: 1234 },
          '/5': { type: 'dir', uid: 1, gid: 10 },
          '/5/foo': { uid: 1, gid: 10 },
          '/6': { uid: 0, gid: 10 },
        },
      },
    ],
  },
  {
    name: 'directories made for chown have the owner, those that exist keep theirs',
    refs: ['testCopyChownCreateDest', 'testCopyChownExistingDir', 'gotcha 49', 'gotcha 51'],
    context: { foo: 'foo', 'd/f': 'f' },
    steps: [
      {
        dockerfile: `FROM busybox
RUN mkdir -p /have/deep && chown 7:8 /have && chmod 0711 /have
COPY --chown=1000:2000 foo /new/dir/foo
COPY --chown=1000:2000 foo /have/foo
COPY --chown=1000:2000 d /have/deep/
COPY --chown=1000:2000 d /have
`,
        files: {
          '/new': { type: 'dir', uid: 1000, gid: 2000, mode: '0755' },
          '/new/dir': { type: 'dir', uid: 1000, gid: 2000 },
          '/new/dir/foo': { uid: 1000, gid: 2000 },
          '/have': { type: 'dir', uid: 7, gid: 8, mode: '0711' },
          '/have/foo': { uid: 1000, gid: 2000 },
          '/have/f': { uid: 1000, gid: 2000 },
          '/have/deep': { type: 'dir', uid: 0, gid: 0 },
          '/have/deep/f': { uid: 1000, gid: 2000 },
        },
      },
    ],
  },
  {
    name: 'chmod: octal with special bits, an argument, directories made on the way',
    refs: ['testCopyChmod', 'gotcha 50'],
    context: { foo: 'foo', 'd/x': 'x' },
    steps: [
      {
        dockerfile: `FROM scratch
ARG mode=755
COPY --chmod=0 foo /zero
COPY --chmod=\${mode} foo /v
COPY --chmod=4755 foo /setuid
COPY --chmod=0700 foo /made/foo
COPY --chmod=750 d /d/
COPY --chmod=1777 d /sticky
`,
        files: {
          '/zero': { mode: '0000' },
          '/v': { mode: '0755' },
          '/setuid': { mode: '4755' },
          '/made': { type: 'dir', mode: '0700' },
          '/made/foo': { mode: '0700' },
          '/d': { type: 'dir', mode: '0750' },
          '/d/x': { mode: '0750' },
          '/sticky': { type: 'dir', mode: '0777' },
          '/sticky/x': { mode: '1777' },
        },
      },
    ],
    older: '20.10 keeps 0755 for directories made on the way',
  },
  {
    name: 'chmod: symbolic modes on files and directories',
    refs: ['testChmodNonOctal', 'gotcha 50'],
    context: {
      'd/x': { text: 'x', mode: 0o644 },
      'd/sub/y': { text: 'y', mode: 0o755 },
      f: { text: 'f', mode: 0o666 },
    },
    steps: [
      {
        dockerfile: `FROM scratch
COPY --chmod=go-w f /1
COPY --chmod=u=rw,g=r,o= f /2
COPY --chmod=a+X d /3/
COPY --chmod=u=rwX,go=rX d /4/
COPY --chmod=g=u,o-rwx f /5
`,
        files: {
          '/1': { mode: '0644' },
          '/2': { mode: '0640' },
          '/3': { type: 'dir', mode: '0755' },
          '/3/x': { mode: '0644' },
          '/3/sub': { type: 'dir', mode: '0755' },
          '/3/sub/y': { mode: '0755' },
          '/4/x': { mode: '0644' },
          '/4/sub': { type: 'dir', mode: '0755' },
          '/4/sub/y': { mode: '0755' },
          '/5': { mode: '0660' },
        },
      },
    ],
    older: '20.10 knows octal modes only',
  },
  {
    name: 'chmod: what is no mode is refused with its text',
    refs: ['testCopyInvalidChmod', 'testAddInvalidChmod', 'gotcha 50'],
    context: { foo: 'x' },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY --chmod=64a foo /\n',
        refused:
          /invalid chmod parameter: '64a'. it should be octal string and between 0 and 07777/,
      },
      {
        dockerfile: 'FROM scratch\nADD --chmod=10000 foo /\n',
        refused:
          /invalid chmod parameter: '10000'. it should be octal string and between 0 and 07777/,
      },
    ],
    older: '20.10 has other texts',
  },
  {
    name: 'variables in sources and destinations; an empty destination is WORKDIR',
    refs: ['testCopyVarSubstitution', 'testEmptyDestDir', 'gotcha 61'],
    context: { foo: 'foo', bar: 'bar' },
    steps: [
      {
        dockerfile:
          'FROM busybox\nENV FOO=foo\nENV empty=\nWORKDIR /w\nCOPY $FOO $empty\nCOPY ${FOO:+bar} ${x:-/y}\n',
        files: { '/w/foo': 'foo', '/y': 'bar' },
      },
    ],
  },
  {
    name: 'a trailing slash makes a directory',
    refs: ['testPreserveDestDirSlash', 'gotcha 42'],
    context: { foo: 'foo' },
    steps: [
      {
        dockerfile: 'FROM busybox\nCOPY foo /sample/\nRUN ls /sample/foo\n',
        files: { '/sample/foo': 'foo' },
      },
    ],
  },
  {
    name: 'link: layers of their own, under WORKDIR, with . and ""',
    refs: ['testCopyLinkDotDestDir', 'testCopyLinkEmptyDestDir', 'gotcha 64'],
    context: { foo: 'contents1' },
    steps: [
      {
        dockerfile:
          'FROM busybox\nENV empty=\nWORKDIR /var/www\nCOPY --link foo .\nRUN [ "$(cat foo)" = contents1 ]\nCOPY --link foo $empty\nCOPY --link --chown=7:8 foo /n/\n',
        files: { '/var/www/foo': 'contents1', '/n/foo': { uid: 7, gid: 8 } },
      },
      {
        dockerfile: 'FROM busybox\nCOPY --link --chown=daemon foo /\n',
        refused: /user and group names can't be resolved when used with --link/,
      },
    ],
    older: '20.10 has no --link',
  },
  {
    name: 'from with a variable is refused with advice',
    refs: ['testDockerfileCopyFromArgs', 'gotcha 17'],
    steps: [
      {
        dockerfile: 'ARG FOO=busybox\nFROM scratch\nARG FOO\nCOPY --from=$FOO /bin/sh /\n',
        refused:
          /variable expansion is not supported for --from, define a new stage with FROM using ARG/,
      },
    ],
    older: '20.10 has the same refusal',
  },
  {
    name: 'a directory never takes the place of a file or link, nor a file that of a directory',
    refs: ['buildah replace-symlink-with-directory', 'gotcha 47'],
    context: { 'd/x': 'x', 'tree/place/y': 'y', 'flat/dir': 'f' },
    steps: [
      {
        dockerfile: 'FROM busybox\nRUN mkdir /t && ln -s /nowhere /t/place\nCOPY tree /t\n',
        refused: /cannot copy to non-directory/,
      },
      {
        dockerfile: 'FROM busybox\nRUN mkdir -p /t/dir\nCOPY flat /t\n',
        refused: /cannot replace to directory .*dir with file/,
      },
    ],
  },
  {
    name: 'context files belong to root whatever USER says; setuid, sticky and setgid stay',
    refs: ['buildah copy-permissions', 'buildah setuid', 'gotcha 48', 'gotcha 52'],
    context: {
      s: { text: 's', mode: 0o4755, uid: 123, gid: 456 },
      'd/g': { text: 'g', mode: 0o2711 },
      d: { kind: 'dir', mode: 0o1777 },
    },
    steps: [
      {
        dockerfile: 'FROM busybox\nUSER daemon\nCOPY s /\nCOPY d /x/d\nCOPY . /all/\n',
        files: {
          '/s': { mode: '4755', uid: 0, gid: 0 },
          '/x/d/g': { mode: '2711' },
          '/all/d': { type: 'dir', mode: '1777' },
          '/all/d/g': { mode: '2711' },
          '/all/s': { mode: '4755' },
        },
      },
    ],
  },
  {
    name: 'files of another stage keep owner, mode and the times they have',
    refs: ['issue-1315', 'issue-2075', 'gotcha 48', 'gotcha 52'],
    steps: [
      {
        dockerfile: `FROM busybox AS a
RUN mkdir -p /o/sub && echo x > /o/sub/f && chown 321:322 /o/sub/f && chown 123:124 /o/sub && chmod 4511 /o/sub/f && touch -d @1500000000 /o/sub/f
FROM scratch
COPY --from=a /o /o2
`,
        files: {
          '/o2': { type: 'dir', uid: 0 },
          '/o2/sub': { type: 'dir', uid: 123, gid: 124 },
          '/o2/sub/f': { text: 'x\n', uid: 321, gid: 322, mode: '4511', mtime: 1_500_000_000 },
        },
      },
    ],
  },
  {
    name: 'hard links inside one copied tree stay links',
    refs: ['buildah stage-container-as-source-plus-hardlinks', 'gotcha 53'],
    context: { 'd/one': 'same', 'd/two': { hardlink: 'd/one' }, other: { hardlink: 'd/one' } },
    steps: [
      {
        dockerfile: 'FROM scratch\nCOPY d /d\nCOPY other /other\n',
        files: {
          '/d/one': { text: 'same', group: '/d/one' },
          '/d/two': { text: 'same', group: '/d/one' },
          '/other': 'same',
        },
      },
    ],
  },
  {
    name: 'from is relative to the root of the other stage, not to its WORKDIR',
    refs: ['testWorkdirCopyIgnoreRelative', 'gotcha 37'],
    context: { foo: 'base-foo' },
    steps: [
      {
        dockerfile:
          'FROM scratch AS base\nWORKDIR /w\nCOPY foo /\nFROM scratch\nCOPY --from=base foo bar\n',
        files: { '/bar': 'base-foo' },
      },
    ],
  },
  {
    name: 'a directory that becomes a file between two builds',
    refs: ['testContextChangeDirToFile'],
    context: { 'foo/bar': 'in' },
    steps: [
      { dockerfile: 'FROM scratch\nCOPY foo /\n', files: { '/bar': 'in' } },
      {
        dockerfile: 'FROM scratch\nCOPY foo /\n',
        change: { foo: 'file' },
        files: { '/foo': 'file' },
      },
    ],
  },
]
