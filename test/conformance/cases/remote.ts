import type { Case } from './types.ts'

const hello = 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'

/** ADD of addresses and repositories. */
export const remoteCases: readonly Case[] = [
  {
    name: 'ADD of an address: its name, mode 0600, Last-Modified, no unpacking unless asked',
    refs: [
      'testDockerfileADDFromURL',
      'testAddURLChmod',
      'TestBuildAddRemoteFileMTime',
      'gotcha 55',
      'gotcha 58',
    ],
    served: {
      'dir/foo': { text: 'hello', mtime: 1_500_000_000 },
      't.tar': { tar: { members: { in: 'in' } } },
    },
    steps: [
      {
        dockerfile: `FROM scratch
ARG SERVER={server}
ADD {server}/dir/foo /d/
ADD \${SERVER}/dir/foo /renamed
ADD --chmod=0755 --chown=1:2 {server}/dir/foo /x/
ADD {server}/t.tar /t/
ADD --unpack=true {server}/t.tar /u/
`,
        files: {
          '/d/foo': { text: 'hello', mode: '0600', uid: 0, mtime: 1_500_000_000 },
          '/renamed': { text: 'hello', mode: '0600' },
          '/x/foo': { mode: '0755', uid: 1, gid: 2 },
          '/t/t.tar': { type: 'file' },
          '/u/in': 'in',
        },
      },
      { dockerfile: 'FROM scratch\nADD {server}/missing /\n', refused: /404/ },
    ],
    older: '20.10 has no --unpack',
  },
  {
    name: 'checksum of an address',
    refs: ['testAddChecksum', 'gotcha 59'],
    served: { foo: 'hello' },
    steps: [
      {
        dockerfile: `FROM scratch\nADD --checksum=${hello} {server}/foo /\n`,
        files: { '/foo': 'hello' },
      },
      {
        dockerfile: `FROM scratch\nENV D=${hello}\nADD --checksum=\${D} {server}/foo /\n`,
        files: { '/foo': 'hello' },
      },
      {
        dockerfile: `FROM scratch\nADD --checksum=sha256:${'0'.repeat(64)} {server}/foo /\n`,
        refused: /digest mismatch|[Cc]hecksum|does not match/,
      },
      {
        dockerfile:
          'FROM scratch\nADD --checksum=md5:7e55db001d319a94b0b713529a756623 {server}/foo /\n',
        refused: /unsupported|invalid/,
      },
      {
        dockerfile: 'FROM scratch\nADD --checksum=sha256:xyz {server}/foo /\n',
        refused: /unsupported|invalid/,
      },
    ],
    older: '20.10 has no --checksum',
  },
  {
    name: 'ADD of a repository: branch, tag, subdirectory, modes, no .git',
    refs: ['testAddGit', 'testGitQueryString'],
    served: {
      'repo.git': {
        repository: [
          { files: { foo: 'one', 'sub/run.sh': { text: '#!', mode: 0o755 } }, tag: 'v1' },
          { files: { foo: 'two', link: { link: 'foo' } } },
        ],
      },
    },
    steps: [
      {
        dockerfile: `FROM scratch
ADD {server}/repo.git /head
ADD {server}/repo.git#v1 /v1/
ADD {server}/repo.git#master:sub /s/
ADD --chown=3:4 {server}/repo.git?tag=v1&subdir=sub /q
`,
        files: {
          '/head/foo': { text: 'two', mode: '0644', uid: 0 },
          '/head/link': { type: 'symlink', link: 'foo' },
          '/head/sub/run.sh': { mode: '0755' },
          '/v1/foo': 'one',
          '/v1/sub/run.sh': { type: 'file' },
          '/s/run.sh': { mode: '0755' },
          '/q/run.sh': { uid: 3, gid: 4 },
        },
      },
      {
        dockerfile: 'FROM scratch\nADD {server}/repo.git#nosuch /\n',
        refused: /nosuch|not found|find remote ref/,
      },
      {
        dockerfile: `FROM scratch\nADD --checksum=${'0'.repeat(40)} {server}/repo.git /\n`,
        refused: /checksum/,
      },
      {
        dockerfile:
          'FROM busybox\nADD --keep-git-dir=true {server}/repo.git /r\nRUN [ -f /r/.git/HEAD ] && rm -r /r/.git\n',
        files: {
          '/r/foo': 'two',
          '/r/link': { type: 'symlink' },
          '/r/sub/run.sh': { mode: '0755' },
        },
      },
    ],
    older: '20.10 copies no repositories',
  },
]
