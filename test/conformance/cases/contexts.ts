import type { Case, Item } from './types.ts'

const dockerfile = 'FROM scratch\nCOPY foo /\n'

function archive(
  compress?: 'gzip' | 'bzip2' | 'xz' | 'zstd',
  members: Readonly<Record<string, Item>> = {
    Dockerfile: dockerfile,
    foo: { text: 'tar', uid: 3, gid: 4 },
  },
): Item {
  return { tar: { members, ...(compress ? { compress } : {}) } }
}

/** Build contexts that are not a folder. */
export const contextCases: readonly Case[] = [
  {
    name: 'an archive behind an address is the context, whatever its compression; owners stay',
    refs: ['testTarContext', 'testTarContextExternalDockerfile', 'gotcha 112'],
    served: {
      'a.tar': archive(),
      'a.tgz': archive('gzip'),
      'a.bz2': archive('bzip2'),
      'a.xz': archive('xz'),
      'sub.tar': archive(undefined, { 'd/Other': dockerfile, foo: 'sub' }),
      'lower.tar': archive(undefined, { dockerfile, foo: 'lower' }),
    },
    steps: [
      ...['a.tar', 'a.tgz', 'a.bz2', 'a.xz'].map((name) => ({
        remote: `{server}/${name}`,
        files: { '/foo': { text: 'tar', uid: 3, gid: 4 } },
      })),
      { remote: '{server}/sub.tar', file: 'd/Other', files: { '/foo': 'sub' } },
      { remote: '{server}/lower.tar', files: { '/foo': 'lower' } },
      { remote: '{server}/sub.tar', refused: /failed to read dockerfile/ },
    ],
    older: "20.10's client fetches the archive itself, which makes another context",
  },
  {
    name: 'a .dockerignore of a context that is no folder says nothing',
    refs: ['testDockerignoreRemote', 'gotcha 73'],
    served: {
      'a.tar': archive(undefined, {
        Dockerfile: dockerfile,
        foo: 'kept',
        '.dockerignore': 'foo\n',
      }),
    },
    steps: [{ remote: '{server}/a.tar', files: { '/foo': 'kept' } }],
    older: "20.10's client fetches the archive itself and applies the file",
  },
  {
    name: 'a Dockerfile behind an address is built beside itself',
    refs: ['TestBuildFromURLWithF', 'gotcha 112'],
    served: { build: 'FROM scratch\nCOPY context /itself\n', bad: 'FROM scratch\nCOPY foo /\n' },
    steps: [
      { remote: '{server}/build', files: { '/itself': { mode: '0600' } } },
      { remote: '{server}/bad', refused: /"\/foo": not found/ },
      { remote: '{server}/missing', refused: /404/ },
    ],
    older: "20.10's client fetches the Dockerfile itself",
  },
  {
    name: 'a repository is the context: branch or tag, subfolder, no .git unless asked',
    refs: ['testGitContext', 'bud git context', 'gotcha 112'],
    served: {
      'r.git': {
        repository: [
          { files: { Dockerfile: 'FROM scratch\nCOPY . /all/\n', foo: 'one' }, tag: 'first' },
          { files: { foo: 'two', 'sub/Dockerfile': dockerfile, 'sub/foo': 'below' } },
        ],
      },
    },
    steps: [
      {
        remote: '{server}/r.git',
        files: {
          '/all/foo': 'two',
          '/all/Dockerfile': { type: 'file' },
          '/all/sub/foo': 'below',
          '/all/sub/Dockerfile': { type: 'file' },
        },
      },
      {
        remote: '{server}/r.git#first',
        files: { '/all/foo': 'one', '/all/Dockerfile': { type: 'file' } },
      },
      { remote: '{server}/r.git#master:sub', files: { '/foo': 'below' } },
      { remote: '{server}/r.git?branch=master&subdir=sub', files: { '/foo': 'below' } },
      { remote: '{server}/r.git#none', refused: /none/ },
      {
        remote: '{server}/r.git#first',
        args: { SOURCE_DATE_EPOCH: 'context' },
        files: { '/all/foo': 'one', '/all/Dockerfile': { type: 'file' } },
      },
    ],
    older: '20.10 has no query form, and its client has other words',
  },
  {
    name: 'a named context may be a repository, or a file behind an address',
    refs: ['testNamedGitContext', 'testNamedRemoteContext', 'gotcha 113'],
    served: {
      'r.git': { repository: [{ files: { foo: 'git', 'sub/bar': 'below' } }] },
      'a.tar': archive(),
    },
    steps: [
      {
        dockerfile:
          'FROM scratch\nCOPY --from=lib /bar /\nCOPY --from=file /context /is-one-file\n',
        contexts: { lib: '{server}/r.git#:sub', file: '{server}/a.tar' },
        files: { '/bar': 'below', '/is-one-file': { type: 'file', mode: '0600' } },
      },
    ],
    older: '20.10 has no named contexts',
  },
  {
    name: 'a repository may be a base',
    refs: ['testNamedGitContext', 'gotcha 113'],
    served: { 'r.git': { repository: [{ files: { foo: 'git', 'sub/bar': 'below' } }] } },
    steps: [
      {
        dockerfile: 'FROM lib\n',
        contexts: { lib: '{server}/r.git' },
        files: { '/foo': 'git', '/sub/bar': 'below' },
      },
    ],
    older: '20.10 has no named contexts',
    ours: 'the history names the context, not the snapshot that was taken of it',
  },
]
