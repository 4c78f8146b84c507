import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import * as esbuild from 'esbuild'
// biome-ignore lint/correctness/useImportExtensions: the types lie beside the module, and are not what runs
import { pageTemplate } from '../../scripts/page.mjs'
import type { Category } from '../../src/analysis/index.ts'
import { parseDigest } from '../../src/image/index.ts'
import {
  type FileWeight,
  type PageData,
  type PageImage,
  pageData,
  type Report,
  renderPage,
  type StepTime,
} from '../../src/report/index.ts'

/** One file of an image; what is not said is a runtime file of the only layer. */
export type FileOf = Pick<FileWeight, 'path' | 'bytes'> & Partial<FileWeight>

/** An image made of files, with the sums that belong to them. */
export function imageOf(
  reference: string,
  files: readonly FileOf[],
  parts: Partial<PageImage> = {},
): PageImage {
  const whole = files.map(
    (file): FileWeight => ({ category: 'runtime', layer: 0, what: 'libfoo (dpkg)', ...file }),
  )
  const visible = whole.reduce((sum, { bytes }) => sum + bytes, 0)
  const layers = [...new Set(whole.map(({ layer }) => layer))]
  return {
    ...{ reference, visible, files: whole, packages: [], compressedSize: null },
    id: `sha256:${'a'.repeat(64)}`,
    size: visible,
    categories: categoriesOf(whole),
    layers: layers.map((index) => {
      const own = whole.filter(({ layer }) => layer === index)
      const bytes = own.reduce((sum, file) => sum + file.bytes, 0)
      return {
        ...{ createdBy: `RUN step ${index}`, bytes, files: own.length, line: null, live: bytes },
        ...{ compressed: Math.round(bytes / 2), compressedKnown: false, hiddenBy: [] },
        ...{ overwritten: 0, metadataOnly: 0, deleted: 0 },
        categories: categoriesOf(own).map((one) => [one.id, one.bytes] as const),
      }
    }),
    ...parts,
  }
}

function categoriesOf(files: readonly FileWeight[]): readonly Category[] {
  const ids = [...new Set(files.map(({ category }) => category))]
  return ids.map((id) => {
    const own = files.filter(({ category }) => category === id)
    const bytes = own.reduce((sum, file) => sum + file.bytes, 0)
    return {
      ...{ id, title: id, bytes, files: own.length, ballast: id !== 'runtime' },
      confidence: { A: bytes, B: 0, C: 0 },
      largest: own.slice(0, 8).map(({ what }) => ({ what, bytes })),
    }
  })
}

export function dataOf(
  title: string,
  before: PageImage,
  after: PageImage | null,
  report: Report | null = null,
): PageData {
  const steps = report?.steps ?? []
  return pageData({ title, writer: '0.0.0', report, before, after, steps })
}

/** A conversion of one instruction, as far as the page reads it. */
export function reportOf(before: PageImage, after: PageImage, parts: Partial<Report> = {}): Report {
  const texts = {
    before: 'FROM fat\nRUN make\nCMD ["app"]\n',
    text: 'FROM fat AS builder\nRUN make\n\nFROM slim AS runtime\nCOPY --from=builder /app /app\nCMD ["app"]\n',
  }
  const summary = ({ reference, size }: PageImage) => ({
    ...{ reference, size, digest: null, compressedSize: null, layers: [] },
    id: parseDigest(`sha256:${'b'.repeat(64)}`),
  })
  return {
    ...{ version: 1, standInBases: false, ecosystem: 'python', refusal: null, transfer: null },
    ...{ fat: summary(before), lean: summary(after), ballast: [], verdict: 'EQUIVALENT' },
    dockerfile: { path: null, diff: '', ...texts },
    ...{ dockerignore: null, repairs: [], notExercised: [], wouldProve: [] },
    proof: [
      {
        ...{ rung: 'P7', title: 'Differential probes', status: 'pass', summary: '1 probe equal' },
        evidence: [
          { message: 'GET :5000/health', fat: '200 ok', lean: '200 ok' },
          { message: 'start', fat: 'listens on 5000 after 500 ms', lean: 'listens after 250 ms' },
        ],
      },
      { rung: 'P8', title: 'Entrypoints', status: 'skip', summary: 'no other', evidence: [] },
    ],
    acceptance: [
      { id: 'image-size', title: 'image size', pass: true, found: '10 MB', allowed: '20 MB' },
      { id: 'probe', title: 'answers', pass: false, found: '500', allowed: '200' },
    ],
    steps: [
      stepOf('before', 'RUN make', 2),
      stepOf('after', 'RUN make', 2),
      stepOf('after', 'COPY --from=builder /app /app', 5),
    ],
    ...parts,
  }
}

function stepOf(side: 'before' | 'after', title: string, line: number): StepTime {
  return { side, title, line, outcome: 'done', start: line, seconds: 1.5, bytes: 4_000_000 }
}

/** Pages on disk, gone when the test is. */
export type Pages = { write(name: string, data: PageData): string } & Disposable

export async function pages(): Promise<Pages> {
  const folder = mkdtempSync(join(tmpdir(), 'jettison-pages-'))
  const root = join(import.meta.dirname, '../..')
  const { html } = await pageTemplate(esbuild, root)
  return {
    write: (name, data) => {
      const file = join(folder, `${name}.html`)
      const encoded = deflateRawSync(JSON.stringify(data)).toString('base64')
      writeFileSync(file, renderPage(html, data, encoded))
      return file
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
