/** Carries bytes both ways until both ends are done; one direction may end long before the other. */
const pump = `
sub pump { my ($left, $right) = @_;
  my %pair = (fileno($left) => [$left, $right], fileno($right) => [$right, $left]);
  while (%pair) {
    my $bits = ""; vec($bits, $_, 1) = 1 for keys %pair;
    next if select(my $ready = $bits, undef, undef, undef) < 1;
    for (grep { vec($ready, $_, 1) } keys %pair) {
      my ($from, $into) = @{$pair{$_}};
      my $n = sysread($from, my $chunk, 65536);
      if (!$n) { next if !defined $n && $! == 4; shutdown($into, 1); delete $pair{$_}; next }
      for (my $at = 0; $at < $n;) { my $w = syswrite($into, $chunk, $n - $at, $at); defined $w ? ($at += $w) : last }
    }
  }
}
`

/**
 * Datagrams: each sender has a socket of its own inside, so that answers find their way back. The one that was silent
 * for longest gives way to the 500th.
 */
const datagrams = `
sub inward { my ($s, $to) = @_;
  defined(my $peer = recv($s, my $data, 65536, 0)) or return;
  my $key = fileno($s) . " " . $peer;
  unless ($inner{$key}) {
    if (keys %inner >= 500) { my ($old) = sort { $inner{$a}[3] <=> $inner{$b}[3] } keys %inner; forget($old) }
    my $up;
    socket($up, AF_INET, SOCK_DGRAM, 0) && connect($up, pack_sockaddr_in($to, inet_aton($address))) or return;
    $inner{$key} = [$up, $s, $peer, 0];
    $keyOf{fileno $up} = $key;
  }
  $inner{$key}[3] = ++$clock;
  send($inner{$key}[0], $data, 0);
}
sub outward { my ($key) = @_;
  my ($up, $s, $peer) = @{$inner{$key}};
  # Nobody listens inside: the next datagram tries anew.
  defined(recv($up, my $data, 65536, 0)) or return forget($key);
  $inner{$key}[3] = ++$clock;
  send($s, $data, 0, $peer);
}
sub forget { my $gone = delete $inner{$_[0]}; delete $keyOf{fileno $gone->[0]}; close $gone->[0] }
`

/**
 * Listens in the host's network namespace, then moves into the container's and connects from there: a socket belongs
 * to the namespace it was made in, so no packet has to cross. One process for each connection, none for datagrams.
 * Arguments: setns number, prctl number, the container's address, then `ip port target protocol` for each published
 * port. Prints `listening PORT…` or `fail ERRNO PORT`; reads the container's pid from stdin, and ends when stdin does.
 */
export const relayScript: string = String.raw`
use Socket qw(:all);
my ($setns, $prctl, $address, @maps) = @ARGV;
$0 = "jettison: ports"; $| = 1;
my (%target, @ports, %inner, %keyOf, $clock);
for (@maps) {
  my ($ip, $port, $to, $protocol) = split / /;
  my $six = $ip =~ /:/;
  my $udp = $protocol eq "udp";
  my $s;
  my $ok = socket($s, $six ? AF_INET6 : AF_INET, $udp ? SOCK_DGRAM : SOCK_STREAM, 0)
    && ($udp || setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1))
    && (!$six || setsockopt($s, IPPROTO_IPV6, IPV6_V6ONLY, 1))
    && bind($s, $six ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $ip)) : pack_sockaddr_in($port, inet_aton($ip)))
    && ($udp || listen($s, 128));
  unless ($ok) { print "fail ", $!+0, " $port\n"; exit 1 }
  my ($got) = $six ? unpack_sockaddr_in6(getsockname($s)) : unpack_sockaddr_in(getsockname($s));
  push @ports, $got;
  $target{fileno $s} = [$s, $to, $udp];
}
print "listening @ports\n";
my $pid = <STDIN>; defined $pid or exit 0;
my $ns;
open($ns, "<", "/proc/" . ($pid + 0) . "/ns/net") && syscall($setns + 0, fileno($ns), 0x40000000) == 0 or exit 1;
$SIG{CHLD} = "IGNORE"; $SIG{PIPE} = "IGNORE";
while (1) {
  my $bits = ""; vec($bits, $_, 1) = 1 for 0, keys %target, keys %keyOf;
  next if select(my $ready = $bits, undef, undef, undef) < 1;
  exit 0 if vec($ready, 0, 1);
  for (grep { vec($ready, $_, 1) } keys %keyOf) { outward($keyOf{$_}) if $keyOf{$_} }
  for (grep { vec($ready, $_, 1) } keys %target) {
    my ($s, $to, $udp) = @{$target{$_}};
    if ($udp) { inward($s, $to); next }
    accept(my $c, $s) or next;
    my $child = fork;
    if (!defined $child || $child) { close $c; next }
    syscall($prctl + 0, 1, 9, 0, 0, 0);
    close STDIN; close $_->[0] for values %target, values %inner;
    exit carry($c, $to);
  }
}
sub carry { my ($c, $to) = @_;
  my $up;
  unless (socket($up, AF_INET, SOCK_STREAM, 0) && connect($up, pack_sockaddr_in($to, inet_aton($address)))) {
    setsockopt($c, SOL_SOCKET, SO_LINGER, pack("ii", 1, 0)); return 1
  }
  pump($c, $up);
  return 0;
}
${datagrams}
${pump}`

/**
 * Connects once from inside a network namespace and carries bytes between that connection and descriptor 3.
 * Arguments: setns number, prctl number, pid, address, port. Reports `ok` or `fail ERRNO` on descriptor 4.
 */
export const connectScript: string = String.raw`
use Socket qw(:all);
my ($setns, $prctl, $pid, $address, $port) = @ARGV;
syscall($prctl + 0, 1, 9, 0, 0, 0);
open(my $c, "+<&=3"); open(my $report, ">&=4");
sub refuse { syswrite($report, "fail " . ($!+0) . "\n"); exit 1 }
my $ns;
open($ns, "<", "/proc/" . ($pid + 0) . "/ns/net") && syscall($setns + 0, fileno($ns), 0x40000000) == 0 or refuse();
my $s;
socket($s, AF_INET, SOCK_STREAM, 0) && connect($s, pack_sockaddr_in($port, inet_aton($address))) or refuse();
syswrite($report, "ok\n"); close $report;
$SIG{PIPE} = "IGNORE";
pump($c, $s);
${pump}`
