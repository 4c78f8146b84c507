/**
 * Watches the root file system of a container with fanotify(7): the mark lies on the overlay's super block, so that
 * every mount namespace counts, the app and what it starts, and nothing of the host's does. Needs CAP_SYS_ADMIN.
 * Arguments: fanotify_init, fanotify_mark, prctl and close numbers, the FIFOs `ready` and `go`. Reads the container's
 * pid from stdin and ends when stdin does, after what the kernel still has. Prints `ok\0` or `fail ERRNO WHAT\0`, then
 * `O` or `X` (executed) with a path and a NUL for every path once.
 */
export const traceScript: string = String.raw`
my ($init, $mark, $prctl, $shut, $ready_path, $go_path) = @ARGV;
$0 = "jettison: trace"; $| = 1;
syscall($prctl + 0, 1, 9, 0, 0, 0);
sysopen(my $ready, $ready_path, 2) && sysopen(my $go, $go_path, 2) or exit 1;
my $pid = <STDIN>; defined $pid or exit 0;
# Whoever ends our input has no use for us any more: a launcher that knows no meeting point never comes.
my $met = "";
until (vec($met, fileno($ready), 1)) {
  my $bits = ""; vec($bits, 0, 1) = 1; vec($bits, fileno($ready), 1) = 1;
  next if select($met = $bits, undef, undef, undef) < 1;
  exit 0 if vec($met, 0, 1);
}
sysread($ready, my $byte, 1);
sub done { print $_[0], "\0"; syswrite($go, "g"); close $go; close $ready }
# FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE; O_RDONLY | O_LARGEFILE | O_CLOEXEC
my $fd = syscall($init + 0, 0x13, 0x88000);
if ($fd == -1) { done("fail " . ($!+0) . " fanotify_init"); exit 0 }
my $root = "/proc/" . ($pid + 0) . "/root";
# FAN_MARK_ADD | FAN_MARK_FILESYSTEM; FAN_OPEN | FAN_OPEN_EXEC
if (syscall($mark + 0, $fd, 0x101, 0x1020, -100, $root) == -1) { done("fail " . ($!+0) . " fanotify_mark"); exit 0 }
open(my $events, "<&=", $fd) or exit 1;
done("ok");
my %seen;
# Every event opens a file: few are taken at a time.
sub drain {
  while (my $n = sysread($events, my $bytes, 6144)) {
    for (my $at = 0; $at < $n;) {
      my ($length, $mask, $file) = unpack("Lx4Ql", substr($bytes, $at, 20));
      $at += $length;
      if ($mask & 0x4000) { print "!\0"; next }
      next if $file < 0;
      my $path = readlink("/proc/self/fd/$file"); syscall($shut + 0, $file);
      my $key = ($mask & 0x1000 ? "X" : "O") . $path;
      print $key, "\0" unless !defined $path || $seen{$key}++;
    }
  }
}
while (1) {
  my $bits = ""; vec($bits, 0, 1) = 1; vec($bits, $fd, 1) = 1;
  next if select(my $got = $bits, undef, undef, undef) < 1;
  drain() if vec($got, $fd, 1);
  if (vec($got, 0, 1)) { drain(); exit 0 }
}
`
