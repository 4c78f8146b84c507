import { perlInit } from './perl-init.ts'
import { perlTerminal } from './perl-terminal.ts'

/**
 * First half: a mount namespace of its own, then Perl again from a read-only bind mount of itself. The second Perl
 * is what `/proc/self/exe` names at the moment of the command's exec: an image whose entrypoint is that link could
 * otherwise overwrite the host's interpreter (the attack of CVE-2019-5736).
 */
export const perlStage1 = `
my ($unshare, $mount, $perl, $copy, $load) = @ARGV;
my ($root, $none) = ("/", "none");
sub must { $_[0] == 0 or do { open(my $f, ">&=4"); syswrite($f, "fail " . ($!+0) . " $_[1]\\n"); exit 125 } }
must(syscall($unshare+0, 0x20000), "unshare the mount namespace");
must(syscall($mount+0, $none, $root, $none, 0x44000, 0), "make mounts private");
must(syscall($mount+0, $perl, $copy, $none, 0x1000, 0), "bind the launcher");
must(syscall($mount+0, $none, $copy, $none, 0x1021, 0), "protect the launcher");
$^F = 4;
exec { $copy } $perl, "-e", $load;
must(-1, "start the launcher");
`

/** Reads the second half and its operations from descriptor 3: length, script, operations. */
export const perlLoader = `open(our $in, "<&=3"); binmode $in; read($in, my $n, 4); read($in, my $s, unpack("N", $n)); eval $s; die $@;`

/**
 * Second half: carries out the operations (\`program.ts\`). \`fork\` splits: the parent stays as supervisor, copies the
 * output, waits and reports on descriptor 4; the child goes on, inside the new namespaces as PID 1, up to \`exec\`.
 * Reports: "pid N", "started", "fail ERRNO WHAT", "exit N", "signal N".
 * Uses Perl's core only: perl-base is essential on Debian and Ubuntu, its module tree may not be installed.
 */
export const perlStage2: string = String.raw`
$0 = "jettison: sandbox";
open(our $report, ">&=4");
our (%kept, $child, $bpf, $link, $ready, $go);
${perlTerminal}
${perlInit}
my @todo = do { local $/; unpack("(N/a*)*", <$in>) };
close $in;
sub fail { syswrite($report, "fail " . ($_[1] || $!+0) . " $_[0]\n"); exit 125 }
sub call { my $nr = shift;
  my @values = map {
    my ($type, $v) = (substr($_, 0, 1), substr($_, 1));
    $type eq "i" ? $v + 0 : $type eq "r" ? $kept{$v} + 0 : $type eq "f" ? pack("Sx![p]P", length($bpf = $v) / 8, $bpf) : $v
  } @_;
  return syscall($nr + 0, @values) }
my %do = (
  sys => sub { my ($what, $nr, @a) = @_; call($nr, @a) == -1 and fail($what) },
  try => sub { my ($nr, @a) = @_; call($nr, @a) },
  let => sub { my ($name, $what, $nr, @a) = @_; my $v = call($nr, @a); $v == -1 and fail($what); $kept{$name} = $v },
  dir => sub { my ($path) = @_; my $p = ""; for (grep { length } split m{/}, $path) { $p .= "/$_"; mkdir($p, 0755) or -d $p or fail("step make $path", -e $p ? 20 : $!+0) } },
  file => sub { my ($path) = @_; return if -e $path; sysopen(my $f, $path, 0x41, 0644) or fail("step make $path") },
  write => sub { my ($path, $mode, $uid, $gid, $bytes) = @_;
    sysopen(my $f, $path, 0xc1, 0600) or fail("write $path");
    syswrite($f, $bytes) == length($bytes) or fail("write $path");
    chown($uid, $gid, $f) && chmod($mode, $f) or fail("write $path") },
  put => sub { my ($path, $text) = @_; sysopen(my $f, $path, 1) or return; syswrite($f, $text) },
  link => sub { my ($to, $path) = @_; symlink($to, $path) or fail("link $path") },
  mask => sub { my ($mount, $path) = @_; return unless -e $path; my ($t, $null) = ("tmpfs", "/dev/null");
    (-d _ ? syscall($mount + 0, $t, $path, $t, 1, 0) : syscall($mount + 0, $null, $path, $t, 0x1000, 0)) == -1 and fail("mask $path") },
  readonly => sub { my ($mount, $path) = @_; return unless -e $path; my $n = "none";
    syscall($mount + 0, $path, $path, $n, 0x5000, 0) == -1 and fail("bind $path");
    syscall($mount + 0, $n, $path, $n, 0x102f, 0) == -1 and fail("protect $path") },
  up => sub { my ($address) = @_; socket(my $s, 2, 2, 0) or fail("open a socket");
    if (length $address) {
      my ($ip, $net) = map { pack("a16 S x2 a4 x8", "lo:0", 2, pack("C4", split /\./, $_)) } $address, "255.255.255.255";
      ioctl($s, 0x8916, $ip) && ioctl($s, 0x891c, $net) or fail("give the address $address") }
    my $flags = pack("a16 s x14", "lo", 1); ioctl($s, 0x8914, $flags) or fail("bring loopback up") },
  tty => sub { open_terminal(@_) },
  gate => sub { my ($path) = @_; sysopen(my $f, $path, 0) or fail("open the gate"); sysread($f, my $byte, 1) },
  hold => sub { sysopen($ready, $_[0], 2) && sysopen($go, $_[1], 2) or fail("open the meeting point") },
  meet => sub { syswrite($ready, "r"); sysread($go, my $byte, 1); close $ready; close $go },
  init => sub { become_init(@_) },
  umask => sub { umask($_[0] + 0) },
  fork => sub { split_here(@_) },
  exec => sub { my ($nr, $paths, $args, @rest) = @_; my @try = splice(@rest, 0, $paths); my @argv = splice(@rest, 0, $args);
    my $v = pack("p*", @argv, undef); my $e = pack("p*", @rest, undef); my $why = 2;
    for my $path (@try) { syscall($nr + 0, $path, $v, $e); $why = $!+0 if $! != 2 && $! != 20; last if $why != 2 && $why != 13 }
    fail("exec $argv[0]", $why) },
);
sub split_here { my ($recvmsg, $prctl, $parent, $guest) = @_;
  my ($out, $err, $pout, $perr, $up, $down, $mine);
  pipe($up, $down);
  if ($recvmsg) { socketpair($mine, $link, 1, 1, 0) or fail("make a socket"); $size = window_size() }
  else { pipe($out, $pout); pipe($err, $perr) }
  # PID 1 takes its whole namespace along; a guest's session is all that can be named.
  $SIG{TERM} = sub { exit 125 unless $child; kill("KILL", -$child) if $guest; kill("KILL", $child) };
  syscall($prctl + 0, 1, 15, 0, 0, 0);
  exit 125 if $parent && getppid() != $parent;
  defined($child = fork) or fail("fork");
  if ($child) { close $_ for grep { $_ } $down, $pout, $perr, $link; exit supervise($up, $guest, $out, $err, $recvmsg, $mine) }
  $SIG{TERM} = "DEFAULT";
  close $up; $report = $down;
  syscall($prctl + 0, 1, 9, 0, 0, 0);
  syscall($prctl + 0, 4, 0, 0, 0, 0);
  unless ($recvmsg) { open(STDOUT, ">&", $pout); open(STDERR, ">&", $perr); close $_ for $out, $err, $pout, $perr }
}
sub supervise { my ($up, $guest, $out, $err, $recvmsg, $mine) = @_;
  $SIG{INT} = $SIG{QUIT} = $SIG{HUP} = $SIG{PIPE} = "IGNORE";
  syswrite($report, "pid $child\n");
  my $failed = "";
  while (1) { my $n = sysread($up, $failed, 4096, length $failed); last if defined $n ? !$n : $! != 4 }
  syswrite($report, length $failed ? $failed : "started\n");
  my %open = map { $_->[0] ? (fileno($_->[0]) => $_) : () } [$out, *STDOUT], [$err, *STDERR];
  # What a guest leaves running may hold its output open: then its own end counts, not the end of the output.
  $SIG{CHLD} = sub {} if $guest;
  my ($status, $late) = (undef, 0);
  if ($recvmsg && !length $failed) { my $m = receive_descriptor($recvmsg, $mine); $status = copy_terminal($m, $guest) if $m }
  while (%open) {
    $status = $? if $guest && !defined $status && waitpid($child, 1) == $child;
    my $bits = ""; vec($bits, $_, 1) = 1 for keys %open;
    my $count = select(my $ready = $bits, undef, undef, defined $status ? 0 : $guest ? 0.5 : undef);
    last if defined $status && ($count < 1 || $late++ > 64);
    next if $count < 1;
    for (grep { vec($ready, $_, 1) } keys %open) {
      my $n = sysread($open{$_}[0], my $chunk, 65536);
      if (!$n) { delete $open{$_} if defined $n || $! != 4; next }
      my $at = 0;
      while ($at < $n) { my $w = syswrite($open{$_}[1], $chunk, $n - $at, $at); if (defined $w) { $at += $w } elsif ($! != 4) { last } }
    }
  }
  unless (defined $status) { 1 while waitpid($child, 0) == -1 && $! == 4; $status = $? }
  syswrite($report, length $failed ? "" : $status & 127 ? "signal " . ($status & 127) . "\n" : "exit " . ($status >> 8) . "\n");
  return 0;
}
for (@todo) { my ($name, @a) = unpack("(N/a*)*", $_); ($do{$name} || sub { fail("understand $name", 38) })->(@a) }
`
