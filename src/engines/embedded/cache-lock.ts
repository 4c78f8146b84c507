import { spawn } from 'node:child_process'
import { Fault } from '../../base/index.ts'

/** Takes the first lock file that is free, or waits for the only one; holds it while its stdin is open. */
const holder = `
my @locks = @ARGV;
while (1) {
  for my $at (0 .. $#locks) {
    open(my $f, ">>", $locks[$at]) or die "$locks[$at]: $!";
    next unless flock($f, @locks == 1 ? 2 : 6);
    syswrite(STDOUT, "$at\\n");
    1 while sysread(STDIN, my $x, 64);
    exit 0;
  }
  select(undef, undef, undef, 0.05);
}
`

export type HeldLock = { readonly index: number; readonly release: () => Promise<void> }

/**
 * flock(2) on one of the files, across processes: Node has no flock, so a small Perl holds it. With one file it waits,
 * with several it takes whichever is free. The lock goes when we go, however that happens.
 * @throws Fault CACHE_LOCK_FAILED
 */
export async function holdLock(files: readonly string[], signal?: AbortSignal): Promise<HeldLock> {
  signal?.throwIfAborted()
  const child = spawn('/usr/bin/perl', ['-e', holder, ...files], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => {})
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  const abort = (): void => void child.kill('SIGKILL')
  signal?.addEventListener('abort', abort)
  const index = await Promise.race([
    new Promise<number>((resolve) => child.stdout.once('data', (text) => resolve(Number(text)))),
    closed.then(() => null),
  ])
  if (index === null) {
    signal?.throwIfAborted()
    throw new Fault('CACHE_LOCK_FAILED', `cannot lock ${files.join(', ')}`)
  }
  return {
    index,
    release: async () => {
      signal?.removeEventListener('abort', abort)
      child.stdin.end()
      await closed
    },
  }
}
