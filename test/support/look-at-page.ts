import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import {
  goTo,
  looks,
  openPage,
  overhang,
  pageViews,
  seriousFindings,
  startBrowser,
  unreachableControls,
} from './page.ts'

/**
 * Opens a report page in Chromium in both schemes and at both widths, takes a picture of every view, and holds it to
 * what is promised: small, silent, alone, no wider than the window, reachable by keyboard, nothing serious for axe.
 */
export async function lookAtPage(file: string): Promise<void> {
  expect(statSync(file).size).toBeLessThan(300_000)
  const pictures = pictureFolder()
  const browser = await startBrowser()
  try {
    for (const look of looks) {
      const { page, complaints } = await openPage(browser, file, look)
      // Slow rules are held in one scheme at each width; the pictures show all four.
      const thorough = (look.scheme === 'light') === (look.width === 1280)
      for (const view of pageViews) {
        await goTo(page, view)
        const place = `${view}-${look.scheme}-${look.width}`
        expect(await overhang(page), place).toBeLessThanOrEqual(0)
        await page.screenshot({ path: join(pictures.path, `${place}.png`), fullPage: true })
        if (!thorough) continue
        expect(await unreachableControls(page), place).toEqual([])
        expect(await seriousFindings(page), place).toEqual([])
      }
      expect(complaints).toEqual([])
      await page.context().close()
    }
  } finally {
    await browser.close()
    pictures.remove()
  }
}

/** Pictures are kept where JETTISON_SCREENSHOTS names a folder. */
function pictureFolder(): { readonly path: string; readonly remove: () => void } {
  // biome-ignore lint/style/noProcessEnv: how a person asks for the pictures
  const kept = process.env['JETTISON_SCREENSHOTS']
  if (kept) {
    mkdirSync(kept, { recursive: true })
    return { path: kept, remove: () => undefined }
  }
  const path = mkdtempSync(join(tmpdir(), 'jettison-pictures-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
