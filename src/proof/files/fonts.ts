import { knownNeeds, readElfAt } from '../../analysis/index.ts'
import { entryAt, ownerName, type Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { isAppEntry } from './app-entry.ts'

const places = ['/usr/share/fonts', '/usr/local/share/fonts']

/** Libraries that draw text with whatever fonts fontconfig finds. */
const draws = /^lib(?:fontconfig|pango(?:ft2|cairo)?-1\.0|harfbuzz-subset|gd|MagickCore[\w.-]*)\.so/

/**
 * Fat has fonts, lean has none, and something of the app draws text with the system's fonts: it goes on, and draws
 * empty squares. Fonts by name are judged with the paths that sources name.
 */
export function missingFonts(fat: Side, lean: Side): readonly Evidence[] {
  const font = firstFont(fat)
  if (font === undefined || firstFont(lean) !== undefined) return []
  const user = userOf(fat)
  if (user === undefined) return []
  const owner = ownerName(fat, font)
  const named = owner === undefined ? {} : { package: owner }
  return [
    {
      message: `fonts are in fat and not in lean, and ${user} draws text: ${font}`,
      subject: 'fonts',
      path: font,
      ...named,
      lean: 'no font',
      missing: { kind: 'file', path: font, ...named },
    },
  ]
}

function firstFont(side: Side): string | undefined {
  if (!places.some((dir) => entryAt(side.tree, dir))) return undefined
  return side
    .entries()
    .find(
      ({ path, kind }) =>
        kind === 'file' &&
        /\.(?:ttf|ttc|otf|pfb|t1)$/i.test(path) &&
        places.some((dir) => path.startsWith(`${dir}/`)),
    )?.path
}

function userOf(fat: Side): string | undefined {
  const distributions = fat.environments().flatMap((one) => one.distributions)
  const known = knownNeeds(distributions).find(({ libraries }) =>
    libraries.some((name) => /^lib(?:pango|cairo|fontconfig)/.test(name)),
  )
  if (known) return known.distribution
  return fat.ownEntries().find((entry) => {
    const { path, kind, mode } = entry
    if (kind !== 'file' || ((mode & 0o111) === 0 && !/\.so(?:\.|$)/.test(path))) return false
    return isAppOrDistribution(entry, fat) && linksAny(fat, path)
  })?.path
}

function linksAny({ tree }: Side, path: string): boolean {
  return readElfAt(tree, path)?.needed.some((name) => draws.test(name)) ?? false
}

function isAppOrDistribution(entry: Parameters<typeof isAppEntry>[0], fat: Side): boolean {
  return isAppEntry(entry, fat) || fat.distributionOf(entry.path) !== undefined
}
