import type { Rule } from '../types.ts'
import { runsThatKeep } from './kept-by-run.ts'

const tools = new Set(
  (
    'bind-tools bind9-dnsutils dnsutils emacs emacs-nox gdbserver htop iftop inetutils-telnet iotop iputils-ping ltrace ' +
    'man-db mc nano net-tools nmap screen strace tcpdump telnet tmux traceroute ' +
    'vim vim-nox vim-tiny'
  ).split(' '),
)

/** S16: what people put into an image to look around in it. */
export const debugToolsInFinalStage: Rule = {
  id: 'DebugToolsInFinalStage',
  description: 'Editors and debugging tools do not belong in the final image',
  url: null,
  origin: 'jettison',
  severity: 'info',
  needs: 'scope',
  check: (facts) =>
    runsThatKeep(
      facts,
      (name) => tools.has(name),
      (names, count) =>
        `${names} ${count === 1 ? 'is' : 'are'} for looking around, not for running the app`,
    ),
}
