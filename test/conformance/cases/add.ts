import type { Case } from './types.ts'

const archive = { members: { 'd/foo': { text: 'content0', mode: 0o640, uid: 7, gid: 8 } } } as const

/** ADD: archives. */
export const addCases: readonly Case[] = [
  {
    name: 'archives of every compression are unpacked by content, COPY never does',
    refs: ['testDockerfileAddArchive', 'TestBuildAddTarXzGz', 'gotcha 55'],
    context: {
      't.tar': { tar: archive },
      gz: { tar: { ...archive, compress: 'gzip' } },
      'b.bin': { tar: { ...archive, compress: 'bzip2' } },
      xz: { tar: { ...archive, compress: 'xz' } },
    },
    steps: [
      {
        dockerfile:
          'FROM scratch\nADD t.tar /1/\nADD gz /2\nADD b.bin /3\nADD xz /4/\nCOPY gz /5/\nADD --unpack=false t.tar /6/\n',
        files: {
          '/1/d/foo': { text: 'content0', mode: '0640', uid: 7, gid: 8 },
          '/2/d/foo': 'content0',
          '/3/d/foo': 'content0',
          '/4/d/foo': 'content0',
          '/5/gz': { type: 'file' },
          '/6/t.tar': { type: 'file' },
        },
      },
    ],
    older: '20.10 has no --unpack',
  },
  {
    name: 'what only looks like an archive is a file; a directory with archives is copied',
    refs: ['TestBuildAddNonTar', 'buildah add-archive', 'gotcha 55', 'gotcha 56'],
    context: { 'no.tar': 'text', 'd/in.tar': { tar: archive }, empty: '' },
    steps: [
      {
        dockerfile: 'FROM scratch\nADD no.tar /\nADD d /d/\nADD empty /e\nADD d/* /x/\n',
        files: {
          '/no.tar': 'text',
          '/d/in.tar': { type: 'file' },
          '/e': '',
          '/x/d/foo': 'content0',
        },
      },
    ],
  },
  {
    name: 'a truncated archive fails',
    refs: ['TestBuildAddBrokenTar', 'gotcha 55'],
    context: { 'cut.tar': { tar: { members: { big: 'x'.repeat(20_000) } } } },
    steps: [
      {
        dockerfile: 'FROM busybox AS a\nRUN true\nFROM scratch\nADD cut.tar /\n',
        files: { '/big': { type: 'file' } },
      },
    ],
  },
  {
    name: 'parents that an archive only implies',
    refs: ['testDockerfileAddArchiveWithImpliedParentDir', 'gotcha 57'],
    context: { 't.tar': { tar: { members: { 'foo/bar/x': 'x' }, only: ['foo/bar/x'] } } },
    steps: [
      {
        dockerfile: 'FROM scratch\nADD t.tar /\nADD --chown=5:6 t.tar /o/\n',
        files: {
          '/foo': { type: 'dir', mode: '0755', uid: 0 },
          '/foo/bar': { type: 'dir', mode: '0755' },
          '/foo/bar/x': 'x',
          '/o': { type: 'dir', uid: 5, gid: 6 },
          '/o/foo/bar/x': { text: 'x', uid: 5, gid: 6 },
        },
      },
    ],
  },
  {
    name: 'members below an absolute symlink of the image go where it leads',
    refs: ['testDockerfileAddArchiveThroughAbsoluteSymlink', 'gotcha 57'],
    context: {
      't.tar': {
        tar: {
          members: { 'var/run/one': 'same', 'var/run/two': { hardlink: 'var/run/one' } },
          only: ['var/run/one', 'var/run/two'],
        },
      },
    },
    steps: [
      {
        dockerfile: 'FROM busybox\nRUN mkdir /run && ln -s /run /var/run\nADD t.tar /\n',
        files: {
          '/var/run': { type: 'symlink', link: '/run' },
          '/run/one': { text: 'same', group: '/run/one' },
          '/run/two': { text: 'same', group: '/run/one' },
        },
      },
    ],
  },
  {
    name: 'an archive replaces files by directories, directories by files, links by both',
    refs: ['buildah add-dir-not-dir', 'buildah add-not-dir-dir', 'gotcha 47'],
    context: {
      't.tar': { tar: { members: { 'wasfile/in': 'in', wasdir: 'file', 'waslink/in': 'l' } } },
    },
    steps: [
      {
        dockerfile:
          'FROM busybox\nRUN echo x > /wasfile && mkdir -p /wasdir/deep && echo y > /wasdir/deep/y && ln -s /tmp /waslink\nADD t.tar /\n',
        files: {
          '/wasfile': { type: 'dir' },
          '/wasfile/in': 'in',
          '/wasdir': 'file',
          '/waslink': { type: 'dir' },
          '/waslink/in': 'l',
        },
      },
    ],
  },
  {
    name: 'chown of an archive: every member and the directory that is made',
    refs: ['testDockerfileAddChownArchive', 'gotcha 49'],
    context: { 't.tar': { tar: archive } },
    steps: [
      {
        dockerfile:
          'FROM scratch\nADD --chown=1000:2000 t.tar /new/\nADD --chmod=777 t.tar /mode/\n',
        files: {
          '/new': { type: 'dir', uid: 1000, gid: 2000 },
          '/new/d': { type: 'dir', uid: 1000, gid: 2000 },
          '/new/d/foo': { uid: 1000, gid: 2000, mode: '0640' },
          '/mode/d/foo': { uid: 7, gid: 8, mode: '0640' },
        },
      },
    ],
  },
  {
    name: 'several archives by wildcard into a destination without a slash',
    refs: ['testDockerfileAddArchiveWildcard', 'gotcha 57'],
    context: {
      't1.tar': { tar: { members: { foo: '1' } } },
      't2.tar.gz': { tar: { members: { bar: '2' }, compress: 'gzip' } },
    },
    steps: [
      {
        dockerfile: 'FROM scratch\nADD t*.tar* /dest\n',
        files: { '/dest/foo': '1', '/dest/bar': '2' },
      },
    ],
  },
  {
    name: 'special bits, attributes and links of an archive',
    refs: ['buildah xattrs', 'fs_util_test untar', 'gotcha 52'],
    current: 'exports no user.* attributes; buildah, kaniko and the OCI specification keep them',
    context: {
      't.tar': {
        tar: {
          members: {
            s: { text: 's', mode: 0o6755, xattrs: { 'user.k': 'v' } },
            l: { link: '../../s' },
            p: { kind: 'fifo', mode: 0o622 },
            t: { kind: 'dir', mode: 0o1777 },
          },
        },
      },
    },
    steps: [
      {
        dockerfile: 'FROM scratch\nADD t.tar /\n',
        files: {
          '/s': { mode: '6755', xattrs: { 'user.k': 'v' } },
          '/l': { type: 'symlink', link: '../../s' },
          '/p': { type: 'fifo', mode: '0622' },
          '/t': { type: 'dir', mode: '1777' },
        },
      },
    ],
  },
  {
    name: 'checksums belong to remote sources, and COPY takes no addresses',
    refs: ['testAddChecksum', 'gotcha 59'],
    context: { foo: 'x', bar: 'y' },
    steps: [
      {
        dockerfile: `FROM scratch\nADD --checksum=sha256:${'0'.repeat(64)} foo /\n`,
        refused: /checksum requires HTTP\(S\) or Git sources/,
      },
      {
        dockerfile: `FROM scratch\nADD --checksum=sha256:${'0'.repeat(64)} foo bar /\n`,
        refused: /checksum can't be specified for multiple sources/,
      },
      {
        dockerfile: 'FROM scratch\nCOPY http://127.0.0.1:1/x /\n',
        refused: /source can't be a URL for COPY/,
      },
      {
        dockerfile: 'FROM scratch\nCOPY http://127.0.0.1:1/x.git /\n',
        refused: /source can't be a git ref for COPY/,
      },
    ],
    older: '20.10 has no --checksum',
  },
]
