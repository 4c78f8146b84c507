import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { Fault } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import {
  type PageImage,
  pageData,
  type Report,
  renderPage,
  type StepTime,
} from '../report/index.ts'
import { type ImageSource, openImage, storedSource } from './image-source.ts'
import { findImage } from './images.ts'
import type { Session } from './session.ts'
import { countBaseLayers } from './subject.ts'
import { weighImage } from './weigh.ts'
import { writeFile } from './write-file.ts'

type PageSide = { readonly image: ImageSource; readonly baseLayers: number }

/** What a page is about: one image or two, and the report of their conversion when there is one. */
export type PageSubject = {
  readonly title: string
  readonly report: Report | null
  readonly before: PageSide
  readonly after: PageSide | null
  readonly steps: readonly StepTime[]
}

/** The report page as one HTML text that needs nothing else; the subject's images are closed by it. @throws Fault PAGE_TEMPLATE_MISSING */
export function reportPage(subject: PageSubject, version: string): string {
  const texts = subject.report?.dockerfile
  const weigh = ({ image, baseLayers }: PageSide, text: string | undefined): PageImage => {
    try {
      return weighImage(image, text ?? null, baseLayers)
    } finally {
      image.close()
    }
  }
  const data = pageData({
    title: subject.title,
    writer: version,
    report: subject.report,
    before: weigh(subject.before, texts?.before),
    after: subject.after && weigh(subject.after, texts?.text),
    steps: subject.steps,
  })
  const encoded = deflateRawSync(JSON.stringify(data), { level: 9 }).toString('base64')
  return renderPage(readTemplate(), data, encoded)
}

/** The images that a report is about. @throws Fault IMAGE_NOT_FOUND when one is no longer in the store */
export function subjectOfReport(session: Session, title: string, report: Report): PageSubject {
  if (!report.fat)
    throw new Fault('REPORT_EMPTY', 'the report names no image', {
      kind: 'invalid',
      hint: 'a page is made from what jettison slim --json prints',
    })
  const side = (summary: { readonly reference: string; readonly id: string }): PageSide =>
    storedSide(session, summary.reference, findImage(session, summary.id))
  return {
    title,
    report,
    before: side(report.fat),
    after: report.lean && side(report.lean),
    steps: report.steps,
  }
}

function storedSide(session: Session, name: string, image: StoredImage): PageSide {
  const baseLayers = countBaseLayers(session, image, undefined)
  return { image: storedSource(session, name, image), baseLayers }
}

/** One image, or two beside each other, without a conversion. @throws Fault IMAGE_NOT_FOUND, ARCHIVE_INVALID */
export async function pageOfImages(
  session: Session,
  before: string,
  after: string | undefined,
  cwd: string,
): Promise<PageSubject> {
  const side = async (name: string): Promise<PageSide> => ({
    image: await openImage(session, name, cwd),
    baseLayers: 0,
  })
  return {
    title: after === undefined ? before : `${before} and ${after}`,
    report: null,
    before: await side(before),
    after: after === undefined ? null : await side(after),
    steps: [],
  }
}

/** Writes a page whole or not at all. @returns the absolute path @throws Fault OUTPUT_UNWRITABLE */
export function writePage(cwd: string, file: string, html: string): string {
  const path = resolve(cwd, file)
  writeFile(path, html)
  return path
}

/** `dist/page.html`, beside the bundle or above this file. */
function readTemplate(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const found = [join(folder, 'page.html'), join(folder, 'dist', 'page.html')].find(existsSync)
    if (found !== undefined) return readFileSync(found, 'utf8')
    if (folder === dirname(folder))
      throw new Fault('PAGE_TEMPLATE_MISSING', 'the template of the report page is not there', {
        kind: 'internal',
        hint: 'npm run build makes it: dist/page.html',
      })
  }
}
