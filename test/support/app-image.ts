import type { StoredImage } from '../../src/build/index.ts'
import type { ContainerConfig, Digest } from '../../src/image/index.ts'
import type { Subject } from '../../src/proof/index.ts'
import type { Minbase } from './minbase.ts'

/** A small HTTP server in Perl, which every Debian has: listens, answers, ends on SIGTERM. */
export const perlServer = `
use IO::Socket::INET; $| = 1;
my ($address, $port) = @ARGV;
my $s = IO::Socket::INET->new(LocalAddr => $address, LocalPort => $port, Listen => 9, ReuseAddr => 1) or die $!;
$SIG{TERM} = sub { print "bye\\n"; exit 3 };
print "listening\\n";
while (1) {
  my $c = $s->accept or next;
  my $line = <$c>; my $length = 0;
  while (my $h = <$c>) { $length = $1 if $h =~ /^content-length: (\\d+)/i; last if $h =~ /^\\r?\\n$/ }
  read($c, my $body, $length) if $length;
  if ($line =~ m{ /slow}) { sleep 60 }
  my $answer = "you said: $line$body";
  $answer = "x" x 3_000_000 if $line =~ m{ /big};
  print $c "HTTP/1.1 200 OK\\r\\nContent-Length: " . length($answer) . "\\r\\nX-Test: yes\\r\\n\\r\\n$answer";
  close $c;
}
`

export async function appImage(world: Minbase, config: ContainerConfig): Promise<StoredImage> {
  const now = '2026-01-01T00:00:00Z'
  return world.store.commitImage(
    { created: now, architecture: 'amd64', os: 'linux', config, history: [{ created: now }] },
    [world.base],
    {},
  )
}

export function subjectOf(world: Minbase, image: StoredImage, name: string): Subject {
  return {
    name,
    id: image.id as Digest,
    config: image.config,
    tree: world.store.tree(image.layers),
    baseLayers: 1,
    size: 0,
  }
}
