import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { logWriter, readLog } from './log.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function say(path: string, ...words: readonly string[]): void {
  const log = logWriter(path)
  for (const word of words) log.write(word === 'oops' ? 'stderr' : 'stdout', Buffer.from(word))
  log.close()
}

async function heard(path: string): Promise<readonly string[]> {
  const words: string[] = []
  for await (const { stream, bytes } of readLog(path, { ended: () => true }))
    words.push(`${stream} ${Buffer.from(bytes).toString('utf8')}`)
  return words
}

test('a log gives back what was written, whatever bytes these are', async () => {
  const path = join(folder, 'log')
  say(path, 'one\n', 'oops', '{"time":', '\u0000ü')
  expect(await heard(path)).toEqual([
    'stdout one\n',
    'stderr oops',
    'stdout {"time":',
    'stdout \u0000ü',
  ])
})

test('a line that its writer could not finish hides nothing that was written after it', async () => {
  const path = join(folder, 'log')
  say(path, 'first', 'second')
  const whole = readFileSync(path)
  for (let cut = whole.indexOf('\n') + 1; cut < whole.length; cut += 7) {
    writeFileSync(path, whole.subarray(0, cut))
    say(path, 'third')
    appendFileSync(path, whole.subarray(0, 5))
    const words = await heard(path)
    expect([words[0], words.at(-1)]).toEqual(['stdout first', 'stdout third'])
  }
})
