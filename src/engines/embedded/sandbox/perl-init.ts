/**
 * `--init`, as part of the launcher's second half: PID 1 stays behind with the rights of the command, passes signals
 * on, reaps orphans and ends as the command did (128 + n after signal n, as tini has it).
 */
export const perlInit: string = `
sub become_init { my ($terminal) = @_;
  my $main = fork; defined $main or fail("fork");
  unless ($main) { setpgrp(0, 0);
    if ($terminal) { local $SIG{TTOU} = "IGNORE"; my $group = pack("i", $$); ioctl(STDIN, 0x5410, $group) }
    return }
  close $report; $0 = "jettison: init"; chdir("/");
  $SIG{$_} = "IGNORE" for qw(TSTP TTIN TTOU PIPE);
  for my $name (qw(HUP INT QUIT USR1 USR2 TERM CONT WINCH ALRM)) { $SIG{$name} = sub { kill($name, $main) } }
  while (1) { my $ended = waitpid(-1, 0);
    next if $ended != $main && ($ended > 0 || $! == 4);
    exit($ended != $main ? 1 : $? & 127 ? 128 + ($? & 127) : $? >> 8) } }
`
