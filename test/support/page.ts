import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'

export const pageViews = [
  'overview',
  'dockerfile',
  'layers',
  'files',
  'packages',
  'ballast',
  'checks',
  'build',
] as const

export type Look = { readonly scheme: 'light' | 'dark'; readonly width: 1280 | 390 }

export const looks: readonly Look[] = [
  { scheme: 'light', width: 1280 },
  { scheme: 'dark', width: 1280 },
  { scheme: 'light', width: 390 },
  { scheme: 'dark', width: 390 },
]

/** Debian's Chromium, the same that a reader may have. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
}

/** A page opened from disk. What it says on the console, throws, or asks of the network ends up in `complaints`. */
export async function openPage(
  browser: Browser,
  file: string,
  { scheme, width }: Look,
): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: 900 },
  })
  const page = await context.newPage()
  page.setDefaultTimeout(0)
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (!/^(?:file|data):/.test(request.url())) complaints.push(`request: ${request.url()}`)
  })
  await page.goto(pathToFileURL(file).href)
  await page.waitForSelector('main')
  return { page, complaints }
}

/** Goes to a view as a link would. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
  await page.waitForSelector(`a[aria-current="page"][href="#${hash.split(/[/?]/)[0]}"]`)
}

/** The text of an element as it is seen. */
export function shownText(page: Page, selector: string): Promise<string> {
  return page.evaluate<string>(`document.querySelector(${JSON.stringify(selector)}).innerText`)
}

/** Pixels that the page is wider than its window. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
}

const axe = createRequire(import.meta.url).resolve('axe-core')

/** What axe-core finds serious or critical, one line each. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(axe, 'utf8'))
  return page.evaluate<string[]>(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`)
}

/** Marks every control that can be seen with its stop; radio buttons of one name are one stop. */
const markStops = `(() => {
  const controls = [...document.querySelectorAll('a[href],button,input,summary,[tabindex="0"]')]
    .filter((one) => one.offsetParent !== null)
  for (const [index, one] of controls.entries())
    one.dataset.stop = one.type === 'radio' ? 'radio ' + one.name : String(index)
  document.activeElement?.blur()
  return [...new Set(controls.map((one) => one.dataset.stop))]
})()`

/** Controls that Tab does not reach, as the first part of their markup. */
export async function unreachableControls(page: Page): Promise<readonly string[]> {
  const wanted = await page.evaluate<string[]>(markStops)
  await page.evaluate(
    'reached = new Set(); addEventListener("focusin", ({ target }) => reached.add(target.dataset.stop))',
  )
  for (let presses = 0; presses < wanted.length + 10; presses += 1) await page.keyboard.press('Tab')
  return page.evaluate<string[]>(
    `${JSON.stringify(wanted)}.filter((stop) => !reached.has(stop))
      .map((stop) => document.querySelector('[data-stop="' + stop + '"]').outerHTML.slice(0, 120))`,
  )
}
