/**
 * The pseudo-terminal of a container, as part of the launcher's second half. The child opens it in the container's own
 * devpts and hands the master over a socket; the supervisor then stands between it and its own stdin and stdout: raw
 * mode when that is a terminal (put back on every way out), window sizes, both directions without either waiting for
 * the other. Numbers: asm-generic/ioctls.h, the same on x86-64 and arm64; termios(3).
 */
export const perlTerminal: string = `
our ($size, $cooked) = ("", "");
sub window_size { my $s = pack("x8");
  return $s if ioctl(STDIN, 0x5413, $s);
  my $t; return open($t, "+<", "/dev/tty") && ioctl($t, 0x5413, $s) ? $s : "" }
sub message { my ($iov, $control) = @_; return pack("Q L x4 P16 Q P24 Q i x4", 0, 0, $_[0], 1, $_[1], 24, 0) }
sub send_descriptor { my ($nr, $socket, $fd) = @_; my $byte = "t";
  my $iov = pack("P1 Q", $byte, 1); my $control = pack("Q i i i x4", 20, 1, 1, $fd);
  return syscall($nr + 0, fileno($socket), message($iov, $control), 0) == 1 }
sub receive_descriptor { my ($nr, $socket) = @_; my $byte = pack("x1");
  my $iov = pack("P1 Q", $byte, 1); my $control = pack("x24");
  return if syscall($nr + 0, fileno($socket), message($iov, $control), 0) != 1;
  my ($m, $fd) = (undef, unpack("x16 i", $control));
  return open($m, "+<&=$fd") ? $m : undef }
sub open_terminal { my ($mount, $sendmsg, $uid, $guest) = @_;
  my ($unlock, $n, $m, $s) = (pack("x4"), pack("x4"));
  sysopen($m, "/dev/pts/ptmx", 0x102) && ioctl($m, 0x40045431, $unlock) && ioctl($m, 0x80045430, $n) or fail("open a terminal");
  my $path = "/dev/pts/" . unpack("i", $n);
  ioctl($m, 0x5414, $size) if length $size;
  sysopen($s, $path, 0x102) && ioctl($s, 0x540e, 0) && chown($uid, -1, $s) or fail("open $path");
  send_descriptor($sendmsg, $link, fileno $m) or fail("hand over $path");
  open(STDIN, "<&", $s) && open(STDOUT, ">&", $s) && open(STDERR, ">&", $s) or fail("take $path");
  return if $guest;
  sysopen(my $f, "/dev/console", 0x41, 0600); my ($to, $none) = ("/dev/console", "none");
  syscall($mount + 0, $path, $to, $none, 0x1000, 0) }
sub make_raw { my $t = pack("x60"); ioctl(STDIN, 0x5401, $t) or return;
  $cooked = $t; my ($in, $out, $control, $local) = unpack("L4", $t);
  substr($t, 0, 16) = pack("L4", $in & ~0x5eb, $out & ~1, $control & ~0x130 | 0x30, $local & ~0x804b);
  substr($t, 22, 2) = pack("C2", 0, 1);
  $SIG{TTOU} = "IGNORE"; ioctl(STDIN, 0x5403, $t) }
sub make_cooked { ioctl(STDIN, 0x5403, $cooked) if length $cooked; $cooked = "" }
sub copy_terminal { my ($m, $guest) = @_;
  my ($status, $late, $pending, $listening) = (undef, 0, "", 1);
  my $resize = sub { my $s = window_size(); ioctl($m, 0x5414, $s) if length $s };
  fcntl($m, 4, 0x802);
  make_raw(); $SIG{WINCH} = $resize; $resize->();
  while (1) {
    $status = $? if $guest && !defined $status && waitpid($child, 1) == $child;
    my ($in, $to) = ("", ""); vec($in, fileno $m, 1) = 1;
    length $pending ? (vec($to, fileno $m, 1) = 1) : $listening && (vec($in, 0, 1) = 1);
    my $count = select($in, $to, undef, defined $status ? 0 : $guest ? 0.5 : undef);
    last if defined $status && ($count < 1 || $late++ > 64);
    next if $count < 1;
    if (vec($in, fileno $m, 1)) { my $n = sysread($m, my $chunk, 65536);
      if ($n) { for (my $at = 0; $at < $n;) { my $w = syswrite(STDOUT, $chunk, $n - $at, $at); if (defined $w) { $at += $w } elsif ($! != 4) { last } } }
      elsif (defined $n || $! != 4 && $! != 11) { last } }
    if (vec($to, fileno $m, 1)) { my $n = syswrite($m, $pending);
      if (defined $n) { substr($pending, 0, $n, "") } elsif ($! != 4 && $! != 11) { $pending = "" } }
    if (vec($in, 0, 1)) { my $n = sysread(STDIN, my $chunk, 4096);
      if ($n) { $pending .= $chunk } elsif (defined $n || $! != 4) { $listening = 0 } }
  }
  make_cooked();
  return $status }
`
