import type { Rule } from '../types.ts'
import { withRecommends } from './apt-recommends.ts'
import { listed } from './final-image.ts'

/** S19: fonts, browsers and desktops that nobody asked for. */
export const heavyRecommends: Rule = {
  id: 'HeavyRecommends',
  description:
    'Packages that recommend fonts, drivers or compilers should be installed without them',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    for (const { install, hit } of withRecommends(facts)) {
      const heavy = install.packages.flatMap(({ name }) => {
        const known = recommends.get(name)
        return known ? [{ name, ...known }] : []
      })
      // What several of them recommend is installed once, so only the heaviest is sure.
      const [worst] = heavy.sort((a, b) => b.megabytes - a.megabytes)
      if (!worst) continue
      yield {
        ...hit,
        message: `${worst.name} recommends ${listed(worst.brings)}: ${worst.megabytes} MB that nobody asked for`,
      }
    }
  },
}

export function recommendsMuch(name: string): boolean {
  return recommends.has(name)
}

/**
 * Debian 12: the sum of Installed-Size that recommended packages add to a minimal system, and what most of it is.
 * `apt-get install -s` with and without `--no-install-recommends`.
 */
const recommends: ReadonlyMap<
  string,
  { readonly megabytes: number; readonly brings: readonly string[] }
> = new Map([
  ['chromium', { megabytes: 203, brings: ['fonts', 'GTK', 'X utilities'] }],
  ['default-jre', { megabytes: 61, brings: ['fonts', 'GTK', 'X utilities'] }],
  ['ffmpeg', { megabytes: 149, brings: ['graphics drivers'] }],
  ['firefox-esr', { megabytes: 338, brings: ['graphics drivers', 'GTK'] }],
  ['graphviz', { megabytes: 56, brings: ['fonts'] }],
  ['imagemagick', { megabytes: 114, brings: ['fonts', 'Ghostscript'] }],
  ['inkscape', { megabytes: 195, brings: ['fonts', 'Ghostscript'] }],
  ['libreoffice-writer', { megabytes: 867, brings: ['fonts', 'GTK', 'graphics drivers'] }],
  ['npm', { megabytes: 647, brings: ['compilers', 'fonts', 'graphics drivers'] }],
  ['openjdk-17-jre', { megabytes: 61, brings: ['fonts', 'GTK', 'X utilities'] }],
  ['texlive-latex-base', { megabytes: 426, brings: ['fonts', 'graphics drivers'] }],
  ['wkhtmltopdf', { megabytes: 195, brings: ['fonts', 'GTK', 'an X server'] }],
])
