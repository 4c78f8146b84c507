import type { PageData } from '../../src/report/index.ts'

export type {
  PageChange,
  PageCopy,
  PageData,
  PageFile,
  PageFolder,
  PageImage,
  PageLayer,
  PageLine,
  PageNode,
  PagePackage,
  PageStage,
  PageStep,
  PageText,
} from '../../src/report/index.ts'

/** One image without its files, as the page holds it. */
export type Image = PageData['before']

/** Reads the data that the page carries: JSON, deflated, in base64. */
export async function readData(): Promise<PageData> {
  const text = document.getElementById('data')?.textContent ?? ''
  const bytes = Uint8Array.from(atob(text.trim()), (char) => char.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return JSON.parse(await new Response(stream).text()) as PageData
}
