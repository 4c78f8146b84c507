import type { PageData } from '../data.ts'
import { size, visible } from '../format.ts'

/** What was measured, how, and what was not. */
export function Method({ data }: { readonly data: PageData }) {
  const { report } = data
  const images = [data.before, ...(data.after ? [data.after] : [])]
  const estimated = images.some((image) => image.layers.some((layer) => !layer.compressedKnown))
  return (
    <>
      <p>
        Sizes are the uncompressed sums of the layers in decimal units. Every regular file of the
        merged tree is in exactly one category, hard links counted once; what a later layer
        overwrites or deletes is counted apart. Files below 0.01 % of the image are folded by
        folder, category and layer, so that sums stay exact.
      </p>
      <dl class="method">
        {images.map((image) => (
          <div key={image.id}>
            <dt>{visible(image.reference)}</dt>
            <dd>
              <span class="mono">{image.id}</span>, {size(image.size)} in {image.layers.length}{' '}
              layers, {size(image.visible)} visible, {image.packages.length} packages
            </dd>
          </div>
        ))}
        {report?.ecosystem && (
          <div>
            <dt>kind of project</dt>
            <dd>{report.ecosystem}</dd>
          </div>
        )}
        <div>
          <dt>not measured</dt>
          <dd>
            {[
              ...(estimated ? ['compressed sizes marked ≈ (gzip over samples)'] : []),
              ...(report?.transfer?.measured ? [] : ['time of pushing and pulling']),
              ...(report?.verdict ? [] : ['whether the images behave alike']),
              'bytes on the disk of a registry or host, where layers are shared',
            ].join('; ')}
          </dd>
        </div>
        <div>
          <dt>written by</dt>
          <dd>jettison {data.writer}. This file loads nothing from anywhere.</dd>
        </div>
      </dl>
    </>
  )
}
