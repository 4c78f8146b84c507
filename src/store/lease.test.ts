import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tempFolder } from '../../test/support/temp-store.ts'
import { openContext } from './context.ts'
import { imagePath, needImage, putImage, readImage, restoreImage } from './images.ts'
import { bootId, openLease } from './lease.ts'

function shell(script: string): ChildProcess {
  const child = spawn('sh', ['-c', script], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** What a process writes about itself. */
function ownerOf({ pid }: ChildProcess): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return JSON.stringify({
    pid,
    start,
    boot: bootId(),
    namespace: readlinkSync('/proc/self/ns/pid'),
  })
}

test('who comes while another process takes things away waits until it is done', () => {
  const folder = tempFolder()
  const mark = join(folder, '.sweep-1')
  const sweeper = shell(`sleep 0.3; rm ${mark}; exec sleep 100`)
  writeFileSync(mark, ownerOf(sweeper))
  const name = openLease(folder).hold()
  expect(readdirSync(folder)).toEqual([name])
})

test('a sweep that takes longer than a minute is still waited for, and its mark stays', () => {
  const folder = tempFolder()
  const mark = join(folder, '.sweep-1')
  const sweeper = shell(`sleep 0.3; rm ${mark}; exec sleep 100`)
  writeFileSync(mark, ownerOf(sweeper))
  const before = Date.now() / 1000 - 3600
  utimesSync(mark, before, before)
  const lease = openLease(folder)
  lease.tidy()
  expect(existsSync(mark)).toBe(true)
  const name = lease.hold()
  expect(readdirSync(folder)).toEqual([name])
})

test('the mark of a process that was killed holds nobody up, and is tidied away', async () => {
  const folder = tempFolder()
  const killed = shell('exec sleep 100')
  const mark = join(folder, '.sweep-1')
  writeFileSync(mark, ownerOf(killed))
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  const lease = openLease(folder)
  const name = lease.hold()
  expect(existsSync(mark)).toBe(true)
  lease.tidy()
  expect(readdirSync(folder)).toEqual([name])
})

type Written = Readonly<Record<'pid' | 'start' | 'boot' | 'namespace', string>>

test.each(['.sweep-1', '.half-a-lease'])(
  '%s of a process that was killed before it wrote who it is is tidied away at once',
  async (begin) => {
    const folder = tempFolder()
    const killed = shell('exec sleep 100')
    const { pid, start, boot, namespace } = JSON.parse(ownerOf(killed)) as Written
    writeFileSync(
      join(folder, `${begin}~${pid}~${start}~${boot}~${namespace.replace(/\D/g, '')}`),
      '',
    )
    const lease = openLease(folder)
    lease.tidy()
    expect(readdirSync(folder)).toHaveLength(1)
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    lease.tidy()
    expect(readdirSync(folder)).toEqual([])
  },
)

test('marks and half-written leases are named after who writes them', () => {
  const folder = tempFolder()
  const lease = openLease(folder)
  lease.hold()
  let marks: readonly string[] = []
  lease.alone(() => {
    marks = readdirSync(folder).filter((name) => name.startsWith('.sweep-'))
  })
  expect(marks).toEqual([expect.stringContaining(`~${process.pid}~`)])
})

test('things are taken away only by who is alone, and the mark is gone afterwards', () => {
  const folder = tempFolder()
  const lease = openLease(folder)
  const own = lease.hold()
  let count = 0
  const work = (): void => {
    expect(readdirSync(folder)).toHaveLength(2)
    count += 1
  }
  expect(lease.alone(work)).toBe(true)
  writeFileSync(join(folder, 'other'), ownerOf(shell('exec sleep 100')))
  expect(lease.alone(work)).toBe(false)
  expect(count).toBe(1)
  expect(new Set(readdirSync(folder))).toEqual(new Set([own, 'other']))
})

test('a process that uses only what records name is in nobody’s way, and its things stay its own', () => {
  const folder = tempFolder()
  const lease = openLease(folder)
  const own = lease.hold()
  const other = shell('exec sleep 100')
  const owner = JSON.parse(ownerOf(other)) as object
  writeFileSync(join(folder, 'other'), JSON.stringify({ ...owner, settled: true }))
  expect(lease.alone(() => {})).toBe(true)
  expect(lease.survey()).toEqual({ dead: new Set(), others: 0 })
  lease.settle()
  expect(JSON.parse(readFileSync(join(folder, own), 'utf8'))).toMatchObject({ settled: true })
})

test('an image that another process removes while it is tagged has its record again', () => {
  const context = openContext(join(tempFolder(), 'store'))
  const config = {
    ...{ architecture: 'amd64', os: 'linux', config: {}, history: [] },
    rootfs: { type: 'layers', diff_ids: [] },
  } as const
  const image = needImage(context, putImage(context, { config, layers: [] }))
  unlinkSync(imagePath(context, image.id))
  restoreImage(context, image)
  expect(readImage(context, image.id)).toEqual(image)
})
