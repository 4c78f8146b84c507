import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ContainerWorld,
  containerWorld,
  until,
} from '../../../../test/support/container-world.ts'
import { openTerminal, type Terminal } from '../../../../test/support/terminal.ts'
import type { StoredImage } from '../../../build/index.ts'

let world: ContainerWorld
let image: StoredImage
let foreground: string

beforeAll(async () => {
  world = containerWorld()
  image = await world.image({ Cmd: ['sh', '-i'], Env: ['PS1=ready>'] })
  foreground = `${process.execPath} ${world.bundle('foreground')} ${world.minbase.store.root}`
})

afterAll(() => world.remove())

const ctrl = { c: '\x03', z: '\x1a', d: '\x04' }

async function answer(terminal: Terminal, command: string, pattern: RegExp): Promise<string> {
  const before = terminal.screen().length
  terminal.type(`${command}\n`)
  await terminal.shows(new RegExp(`[\\s\\S]{${before}}[\\s\\S]*\\n${pattern.source}`))
  return terminal.screen().slice(before)
}

test('a shell on a terminal of its own: size, job control, exit code, the terminal put back', async () => {
  const terminal = openTerminal(
    `stty rows 33 cols 91; stty -g; ${foreground} shell ${image.id}; echo code=$?; stty -g`,
  )
  await terminal.shows(/ready>/)
  expect(await answer(terminal, 'tty; stty size', /33 91\r/)).toContain('/dev/pts/0')
  terminal.type('sleep 1000\n')
  await until(async () => (await processes('shell')).includes('sleep'))
  terminal.type(ctrl.z)
  await terminal.shows(/Stopped/)
  expect(await answer(terminal, 'jobs', /\[1\]/)).toContain('sleep 1000')
  terminal.type('fg\n')
  await until(async () => (await foregroundOf('shell')).includes('sleep'))
  terminal.type(ctrl.c)
  await until(async () => !(await processes('shell')).includes('sleep'))
  terminal.type('exit 7\n')
  expect(await terminal.ended).toBe(0)
  expect(terminal.screen()).toContain('code=7')
  const [before, ...after] = terminal.screen().match(/^[0-9a-f]+(?::[0-9a-f]+)+/gm) ?? []
  expect(before).toMatch(/:/)
  expect(after).toEqual([before])
})

test('a window that changes its size tells the app', async () => {
  const terminal = openTerminal(
    `tty; stty rows 20 cols 70; ${foreground} window ${image.id}; echo code=$?`,
  )
  const [, device = ''] = await terminal.shows(/(\/dev\/pts\/\d+)\r/)
  await terminal.shows(/ready>/)
  await answer(terminal, 'trap "stty size" WINCH; echo armed', /armed/)
  // Another process changes it, as a terminal emulator does.
  execFileSync('stty', ['-F', device, 'rows', '21', 'cols', '71'])
  await answer(terminal, '', /21 71/)
  terminal.type('exit\n')
  await terminal.ended
  expect(terminal.screen()).toContain('code=0')
})

test('when we are killed the terminal is put back all the same', async () => {
  const terminal = openTerminal(
    `before=$(stty -g); ${foreground} killed ${image.id}; until [ "$(stty -g)" = "$before" ]; do sleep 0.01; done; echo restored`,
  )
  await terminal.shows(/ready>/)
  const { state } = world.containers.inspect('killed')
  if (state.status !== 'running') throw new Error('not running')
  process.kill(state.owner.pid, 'SIGKILL')
  await terminal.shows(/restored/)
  expect(await terminal.ended).toBe(0)
})

test('detached with a terminal, and exec with one beside it', async () => {
  await world.containers.runDetached({
    image,
    reference: 'app',
    name: 'back',
    terminal: true,
    command: ['sh', '-c', 'tty; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo all; sleep 1000'],
  })
  await world.untilLog('back', 'all')
  expect(await world.log('back')).toBe('/dev/pts/0\r\nall\r\n')
  const chunks: Uint8Array[] = []
  const done = await world.containers.exec(
    'back',
    { argv: ['sh', '-c', 'tty; echo $TERM; id -u; exit 5'], terminal: true, user: 'www-data' },
    { stdin: 'ignore', output: (_, bytes) => chunks.push(bytes) },
  )
  expect([done.exitCode, Buffer.concat(chunks).toString()]).toEqual([
    5,
    '/dev/pts/1\r\nxterm\r\n33\r\n',
  ])
})

/** What runs in a container, by the kernel's names. */
async function processes(name: string): Promise<string> {
  const chunks: Uint8Array[] = []
  const argv = ['sh', '-c', 'cat /proc/[0-9]*/comm']
  await world.containers.exec(
    name,
    { argv },
    { stdin: 'ignore', output: (_, bytes) => chunks.push(bytes) },
  )
  return Buffer.concat(chunks).toString()
}

/** The names of the processes in the foreground of the container's terminal (field 8 of stat is its process group). */
async function foregroundOf(name: string): Promise<string> {
  const chunks: Uint8Array[] = []
  const argv = [
    'sh',
    '-c',
    `for p in /proc/[0-9]*; do read -r a b c d g s t f r < $p/stat; [ "$g" = "$f" ] && echo $b; done`,
  ]
  await world.containers.exec(
    name,
    { argv },
    { stdin: 'ignore', output: (_, bytes) => chunks.push(bytes) },
  )
  return Buffer.concat(chunks).toString()
}
