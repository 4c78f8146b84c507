/** Our signs, each by one character of the same width, so that columns stay where they are. */
const signs: Readonly<Record<string, string>> = {
  ...{ '✔': 'v', '✖': 'x', '●': '*', '◌': 'o', '▲': '!', '▼': 'v', '↓': '>', '→': '>' },
  ...{ '–': '-', '−': '-', '—': '-', '─': '-', '│': '|', '·': '.', '…': '~', '×': 'x', '≥': '>' },
  ...{ '█': '#', '▉': '#', '▊': '#', '▋': '#', '▌': '#', '▍': '-', '▎': '-', '▏': '-' },
  '\u00a0': ' ',
}
const any = new RegExp(`[${Object.keys(signs).join('')}]`, 'gu')

/** For a terminal whose locale has no such characters; what comes from images and files stays as it is. */
export function toAscii(text: string): string {
  return text.replace(any, (sign) => signs[sign] ?? sign)
}
