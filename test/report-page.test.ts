import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PageData } from '../src/report/index.ts'
import { goTo, openPage, overhang, pageViews, shownText, startBrowser } from './support/page.ts'
import { dataOf, type FileOf, imageOf, type Pages, pages, reportOf } from './support/page-data.ts'

let browser: Browser
let made: Pages

beforeAll(async () => {
  browser = await startBrowser()
  made = await pages()
})

afterAll(async () => {
  await browser.close()
  made[Symbol.dispose]()
})

const phone = { scheme: 'light', width: 390 } as const

/** Every view of a page in a real browser; it must be silent and no wider than the window. @returns the text of each */
async function walk(name: string, data: PageData, look: Parameters<typeof openPage>[2] = phone) {
  const { page, complaints } = await openPage(browser, made.write(name, data), look)
  const texts = new Map<string, string>()
  for (const view of pageViews) {
    await goTo(page, view)
    expect(await overhang(page), view).toBeLessThanOrEqual(0)
    texts.set(view, await shownText(page, 'body'))
  }
  expect(complaints).toEqual([])
  return { page, texts, complaints }
}

const markup = '</script><img src=x onerror="document.title=1">'
const turned = 'invoice\u202Efdp.exe'
const hostile: readonly FileOf[] = [
  { path: `/srv/${markup}`, bytes: 5_000_000, what: `${markup} (dpkg)` },
  { path: `/srv/${turned}`, bytes: 5_000_000 },
  { path: `/srv/${'deep/'.repeat(800)}end`, bytes: 5_000_000 },
  { path: `/srv/${'n'.repeat(4000)}`, bytes: 5_000_000, category: 'compilers' },
  { path: '/srv/line\nbreak\u0007', bytes: 5_000_000 },
  { path: '/srv/empty', bytes: 0 },
]

test('names of an image stay text: markup is shown, and what would reorder or hide it is spelled out', async () => {
  const image = imageOf(markup, hostile)
  const layers = image.layers.map((layer) => ({ ...layer, createdBy: `RUN ${markup} ${turned}` }))
  const { packages } = imageOf('', [], {
    packages: [
      {
        ...{ manager: 'npm', name: markup, version: turned, source: null, bytes: 1000 },
        ...{ category: 'runtime', layer: 0, depends: [] },
      },
    ],
  })
  const before = { ...image, layers, packages }
  const dockerfile = `FROM ${markup}\nRUN echo ${turned} ${'x'.repeat(4000)}\n`
  const report = reportOf(before, imageOf('after', []), {
    dockerfile: { path: null, diff: '', before: dockerfile, text: `${dockerfile}# ${markup}\n` },
    notExercised: [markup, turned],
  })
  const { page, texts } = await walk(
    'hostile',
    dataOf(markup, before, imageOf('after', []), report),
  )
  expect(await page.title()).toContain(markup)
  expect(await page.$$('img')).toHaveLength(0)
  for (const view of ['dockerfile', 'layers', 'packages', 'checks'])
    expect(texts.get(view), view).toContain(markup)
  for (const view of ['dockerfile', 'layers', 'packages', 'checks'])
    expect(texts.get(view), view).toContain('⟨202E⟩')
  for (const text of texts.values()) expect(text).not.toContain('\u202E')
})

test('the treemap and its table live with long, deep and strange names', async () => {
  const { page } = await walk('strange', dataOf('t', imageOf('i', hostile), null))
  for (const hash of [
    'files/srv',
    'files?q=deep',
    'files?q=%3C%2Fscript',
    'files/srv?sel=/nowhere',
  ]) {
    await goTo(page, hash)
    expect(await overhang(page), hash).toBeLessThanOrEqual(0)
    await page.waitForSelector('tr[aria-level]')
  }
})

test('nothing at all, one image alone, and images without a Dockerfile have pages', async () => {
  const nothing = await walk('nothing', dataOf('scratch', imageOf('scratch', []), null))
  expect(nothing.texts.get('overview')).toContain('0 B')
  const [empty, full] = [imageOf('empty', []), imageOf('full', [{ path: '/a', bytes: 9 }])]
  await walk('became-nothing', dataOf('t', full, empty))
  await walk('from-nothing', dataOf('t', empty, full))
  const { page, texts } = await walk(
    'one',
    dataOf('one', imageOf('one', [{ path: '/usr/bin/app', bytes: 4096 }]), null),
  )
  expect(texts.get('overview')).toContain('4.1 kB in 1 layer')
  for (const view of ['dockerfile', 'checks', 'build'])
    expect(texts.get(view), view).toMatch(/without a Dockerfile|images only|No build/)
  expect(await page.$('input[name="side"]')).toBeNull()
})

test('a refusal says so where one looks first, with the stages of the one Dockerfile there is', async () => {
  const image = imageOf('fat', [{ path: '/app', bytes: 9_000_000, layer: 1 }])
  const { dockerfile } = reportOf(image, image)
  const text = dockerfile?.text ?? ''
  const report = reportOf(image, image, {
    ...{ lean: null, verdict: null, proof: [], acceptance: [] },
    refusal: { code: 'already-lean', message: 'there is nothing to gain', details: ['9 MB'] },
    dockerfile: { path: null, diff: '', before: text, text },
  })
  const { texts } = await walk('refused', dataOf('app', image, null, report))
  expect(texts.get('overview')).toContain('Not converted (already-lean): there is nothing to gain')
  expect(texts.get('dockerfile')).toContain('runtime (the image)')
  expect(texts.get('checks')).toContain('9 MB')
})

test('150,000 files make a small page, and no byte of them is lost', async () => {
  const files = Array.from({ length: 150_000 }, (_, n): FileOf => {
    const category = n % 3 === 0 ? 'docs-and-locales' : 'runtime'
    return { path: `/d${n % 40}/s${n % 1900}/f${n}`, bytes: 1 + ((n * 7919) % 90_001), category }
  })
  const before = imageOf('many', files)
  const after = imageOf(
    'few',
    files.filter((_, n) => n % 10 === 0),
  )
  const data = dataOf('many', before, after)
  const { page, texts } = await walk('many', data, { scheme: 'dark', width: 1280 })
  expect(texts.get('files')).toContain('150000 files')
  expect(JSON.stringify(data.tree).length).toBeLessThan(1_000_000)
  await goTo(page, 'files?q=f149999')
  await goTo(page, 'files/d7?side=after&colour=origin')
  const { sum, count } = sumOf(data.tree)
  expect(sum).toEqual([before.visible, after.visible])
  expect(count).toBe(files.length)
})

function sumOf(node: PageData['tree'][1][number]): {
  readonly sum: readonly [number, number]
  readonly count: number
} {
  if (node.length !== 2) return { sum: [node[1], node[2]], count: node[7] ?? 1 }
  const parts = node[1].map(sumOf)
  const add = (at: 0 | 1): number => parts.reduce((total, { sum }) => total + sum[at], 0)
  return { sum: [add(0), add(1)], count: parts.reduce((total, one) => total + one.count, 0) }
}

const conversion = (): PageData => {
  const before = imageOf('fat', [
    { path: '/usr/bin/gcc', bytes: 9_000_000, category: 'compilers', what: 'gcc-12 (dpkg)' },
    { path: '/usr/lib/libapp.so', bytes: 3_000_000 },
    { path: '/app/app', bytes: 2_000_000, layer: 1, what: '/app' },
    { path: '/app/data/big', bytes: 2_000_000, layer: 1, what: '/app' },
  ])
  const after = imageOf('lean', [
    { path: '/usr/lib/libapp.so', bytes: 3_000_000 },
    { path: '/app/app', bytes: 2_000_000, layer: 1, what: '/app' },
  ])
  const packages = ['gcc-12', 'libc6', 'make'].map((name, index) => ({
    ...{ manager: 'dpkg' as const, name, version: '1', source: 'gcc', bytes: 1000, layer: 0 },
    ...{ category: 'compilers' as const, depends: index === 1 ? [] : [1] },
  }))
  const lined = { ...before, packages, layers: before.layers.map(lineOf) }
  return dataOf('app', lined, after, reportOf(lined, after))
}

const lineOf = <T>(layer: T, index: number): T & { readonly line: number | null } => ({
  ...layer,
  line: index === 0 ? null : 2,
})

/** Every control of a view; those of the head that all views share are operated in the first. */
const controlsOf = (view: string): string =>
  `${view === 'overview' ? 'header a, header button, header [type="search"], ' : ''}header fieldset input,
   header [type="checkbox"], :is(main, footer) :is(a[href], button, input, summary, tbody tr[tabindex="0"])`
const operations: Readonly<Record<string, string>> = {
  radio: 'Space',
  checkbox: 'Space',
  number: 'ArrowUp',
  search: 'x',
}

/** Focuses a control. @returns its type; null for none, a hidden one, and one of several that is chosen already */
const focusOn = (controls: string, at: number): string => `(() => {
  const one = document.querySelectorAll(${JSON.stringify(controls)})[${at}]
  const chosen = '[aria-current=page], :checked[type=radio], .chips [aria-pressed=true]'
  if (!one || one.offsetParent === null || one.matches(chosen)) return null
  one.focus()
  return one.type ?? ''
})()`

/** What can be seen of the page, with what is checked and typed. */
const seen =
  'location.hash + document.activeElement?.value + document.querySelectorAll(":checked").length + document.body.innerHTML'

test('every control of every view does something when it is operated by the keyboard', async () => {
  const { page, complaints } = await openPage(browser, made.write('controls', conversion()), {
    scheme: 'light',
    width: 1280,
  })
  let operated = 0
  for (const view of pageViews) {
    await goTo(page, view)
    const controls = controlsOf(view)
    const count = (await page.$$(controls)).length
    for (let at = 0; at < count; at += 1) {
      const kind = await page.evaluate<string | null>(focusOn(controls, at))
      if (kind === null) continue
      const before = await page.evaluate<string>(seen)
      await page.keyboard.press(operations[kind] ?? 'Enter')
      expect(await page.evaluate<string>(seen), `control ${at} of ${view}`).not.toBe(before)
      await page.keyboard.press('Escape')
      await goTo(page, view)
      operated += 1
    }
  }
  expect(complaints).toEqual([])
  expect(operated).toBeGreaterThan(8 * pageViews.length)
})

test('the keys do what their list says, and all that is chosen stands in the address', async () => {
  const { page, complaints } = await openPage(browser, made.write('keys', conversion()), {
    scheme: 'dark',
    width: 1280,
  })
  const hash = (): Promise<string> => page.evaluate<string>('location.hash')
  const after = async (...keys: readonly string[]): Promise<string> => {
    for (const key of keys) await page.keyboard.press(key)
    return hash()
  }
  for (const [index, view] of pageViews.entries())
    expect(await after(String(index + 1))).toBe(`#${view}`)
  expect(await after('4', 'b')).toBe('#files?side=before')
  expect(await after('m', 'c', 't', 'u', 'p', 'f')).toBe(
    '#files?side=before&colour=layer&metric=compressed&patterns=off&table=on&unified=on&failures=on',
  )
  await goTo(page, 'files')
  expect(await after(']', ']')).toBe('#files?layer=before-2')
  expect(await after('[', '[')).toBe('#files')
  expect(await after(']', 'Escape')).toBe('#files')
  await page.focus('tbody tr[tabindex="0"]')
  expect(await after('ArrowDown')).toMatch(/^#files\?sel=/)
  expect(await after('Home', 'Enter')).toBe('#files/usr')
  expect(await after('Backspace')).toBe('#files?sel=%2Fusr')
  await page.keyboard.press('/')
  await page.keyboard.type('gcc')
  expect(await hash()).toContain('q=gcc')
  expect(await shownText(page, 'main')).toContain('1 file match “gcc”')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  expect(await shownText(page, 'dialog')).toContain('Backspace')
  await page.keyboard.press('Escape')
  await page.keyboard.press('y')
  await page.waitForFunction('document.querySelector("[role=status]").textContent !== ""')
  expect(complaints).toEqual([])
})

test('a link to a line opens what is known of it, and its layer narrows the files', async () => {
  const { page } = await openPage(browser, made.write('line', conversion()), phone)
  await goTo(page, 'dockerfile?line=before-2')
  const detail = await shownText(page, '.detail')
  expect(detail).toContain('Line 2 before: 4 MB')
  expect(detail).toContain('Its counterpart after is line 2.')
  await page.click('.detail button')
  expect(await page.evaluate<string>('location.hash')).toMatch(/^#files\?layer=before-2/)
  expect(await shownText(page, 'main')).toContain('/: 2 files, 4 MB before')
})

test('without scripts there is a summary, and on paper the overview takes two pages', async () => {
  const file = made.write('paper', conversion())
  const context = await browser.newContext({ javaScriptEnabled: false })
  const plain = await context.newPage()
  await plain.goto(pathToFileURL(file).href)
  const text = await shownText(plain, 'body')
  for (const word of ['fat', 'lean', 'compilers', 'EQUIVALENT', 'fail: answers'])
    expect(text).toContain(word)
  await context.close()
  const { page } = await openPage(browser, file, { scheme: 'light', width: 1280 })
  const paper = (await page.pdf({ format: 'A4' })).toString('latin1')
  expect(paper.match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(2)
})
