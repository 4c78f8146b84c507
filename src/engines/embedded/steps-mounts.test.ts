import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { quiet, useStepWorld } from '../../../test/support/step-world.ts'
import type { CopyEntry, LayerId, StepMount } from '../../build/index.ts'
import { openContext, treeSource } from '../../context/index.ts'

const steps = useStepWorld()

test('a secret is seen with its mode and owner, and is nowhere in the store', async () => {
  const bytes = Buffer.from('a-secret-nobody-else-has')
  const mounts: StepMount[] = [
    { type: 'secret', target: '/etc/deep/token', bytes, mode: 0o440, uid: 33, gid: 4 },
  ]
  const ran = await steps.run(
    'cat /etc/deep/token; stat -c " %a %u %g" /etc/deep/token; echo x > /etc/deep/token',
    {
      mounts,
    },
  )
  expect(ran.output).toContain(`${bytes} 440 33 4\n`)
  expect(ran.output).toContain('Read-only file system')
  const good = await steps.run('touch /etc/beside', { mounts })
  expect(steps.content(good.layer)).toEqual(['/etc', '/etc/beside'])
  // grep answers 1 when it finds nothing.
  expect(() => execFileSync('grep', ['-rl', bytes.toString(), steps.store.root])).toThrow()
})

test('a cache mount keeps what was written, and stays out of the layer', async () => {
  const cache = (sharing: 'shared' | 'private' | 'locked'): StepMount => ({
    type: 'cache',
    target: '/var/cache/thing',
    id: `test-${sharing}`,
    sharing,
    readOnly: false,
    mode: 0o770,
    uid: 5,
    gid: 6,
  })
  for (const sharing of ['shared', 'private', 'locked'] as const) {
    const first = await steps.run('echo kept > /var/cache/thing/file', { mounts: [cache(sharing)] })
    expect(steps.content(first.layer)).toEqual([])
    const second = await steps.run(
      'cat /var/cache/thing/file; stat -c "%a %u %g" /var/cache/thing',
      {
        mounts: [cache(sharing)],
      },
    )
    expect(second.output).toBe('kept\n770 5 6\n')
  }
})

test('locked caches take turns, private ones get a directory each', async () => {
  const command = 'mkdir /c/busy || exit 9; sleep 0.2; rmdir /c/busy'
  const mount = (sharing: 'private' | 'locked'): StepMount[] => [
    {
      type: 'cache',
      target: '/c',
      id: `turns-${sharing}`,
      sharing,
      readOnly: false,
      mode: 0o755,
      uid: 0,
      gid: 0,
    },
  ]
  for (const sharing of ['locked', 'private'] as const) {
    const both = await Promise.all(
      [1, 2, 3].map(() => steps.run(command, { mounts: mount(sharing) })),
    )
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
  }
})

test('bind mounts show the source, and what is written to them is thrown away', async () => {
  const dir = mkdtempSync(join(steps.store.root, '..', 'context-'))
  writeFileSync(join(dir, 'file'), 'from context\n')
  writeFileSync(join(dir, 'hidden'), 'x')
  writeFileSync(join(dir, '.dockerignore'), 'hidden\n')
  const indexDir = mkdtempSync(join(steps.store.root, '..', 'index-'))
  const context = openContext({
    dir,
    indexDir,
    ignoreFile: { name: '.dockerignore', text: 'hidden\n' },
  })
  const stage = await steps.run('mkdir -p /out/d; echo built > /out/d/file; ln -s / /out/up')
  const layers = [steps.base, stage.layer as LayerId]
  const bind = (over: Partial<StepMount & { type: 'bind' }>): StepMount => ({
    type: 'bind',
    target: '/ctx',
    from: { kind: 'copy-source', source: context },
    source: '/',
    readWrite: false,
    ...over,
  })
  const ran = await steps.run(
    'ls -A /ctx; cat /ctx/file /one /stage/file; ls /up | grep -c etc; touch /ctx/y 2>/dev/null || echo ro; touch /rw/y && rm /rw/file && echo rw; ls -A /rw',
    {
      mounts: [
        bind({}),
        bind({ target: '/one', source: '/file' }),
        bind({ target: '/stage', from: { kind: 'layers', layers }, source: '/out/d' }),
        bind({ target: '/up', from: { kind: 'layers', layers }, source: '/out/up' }),
        bind({
          target: '/rw',
          from: { kind: 'layers', layers },
          source: '/out/d',
          readWrite: true,
        }),
      ],
    },
  )
  expect(ran.output.split('\n')).toEqual([
    '.dockerignore',
    'file',
    'from context',
    'from context',
    'built',
    '1',
    'ro',
    'rw',
    'y',
    '',
  ])
  expect(steps.content(ran.layer)).toEqual([])
  const again = await steps.run('cat /rw/file', {
    mounts: [bind({ target: '/rw', from: { kind: 'layers', layers }, source: '/out/d' })],
  })
  expect(again.output).toBe('built\n')
  for (const made of [dir, indexDir]) rmSync(made, { recursive: true })
})

async function linkLayer(links: Readonly<Record<string, string>>): Promise<LayerId> {
  const tree = steps.store.tree([steps.base])
  const common = { from: null, mode: 0o777, uid: 0, gid: 0, mtime: 1 }
  const entries = Object.entries(links).flatMap(([to, link]): CopyEntry[] => [
    ...(dirname(to) === '/'
      ? []
      : [{ ...common, mode: 0o755, to: dirname(to), kind: 'dir' as const }]),
    { ...common, to, kind: 'symlink', link },
  ])
  return steps.engine.steps.copy(
    { base: [], parts: [{ source: treeSource(tree), entries }] },
    quiet,
  )
}

test('a mount target that is a symlink stays inside the root', async () => {
  const layer = await linkLayer({
    '/link': '/../../../srv/real',
    '/loop': 'loop',
    '/etc/resolv.conf': '../run/none/resolv.conf',
  })
  const base = [steps.base, layer]
  const ran = await steps.run(
    'mountpoint -q /srv/real && echo inside; cat /etc/resolv.conf | wc -c',
    {
      base,
      mounts: [{ type: 'tmpfs', target: '/link', size: 4096 }],
    },
  )
  expect(ran.output).toBe(`inside\n${readFileSync('/etc/resolv.conf').length}\n`)
  expect(steps.content(ran.layer)).toEqual([])
  const looping = steps.run('true', {
    base,
    mounts: [{ type: 'tmpfs', target: '/loop', size: null }],
  })
  await expect(looping).rejects.toThrow('too many symbolic links')
})

test('an image whose /proc is a link is refused', async () => {
  const layer = await linkLayer({ '/proc': '/tmp' })
  await expect(steps.run('true', { base: [layer] })).rejects.toThrow(
    '/proc of the image is a symlink',
  )
})
