/** Characters of two cells (East Asian Width W and F, emoji), and those that take no cell of their own. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u
const none = /[\p{Mn}\p{Me}\p{Cf}]/u
const esc = '\u001b'
const colours = new RegExp(`${esc}\\[[0-9;]*m`, 'g')

/** Cells of a terminal that a line takes; colours take none. */
export function displayWidth(text: string): number {
  let cells = 0
  for (const char of text.replace(colours, '')) cells += cellsOf(char)
  return cells
}

function cellsOf(char: string): number {
  if (char <= '\u02ff') return 1
  if (none.test(char)) return 0
  return wide.test(char) ? 2 : 1
}

/** The beginning of a line without colours that fits into so many cells, with an ellipsis where something is left out. */
export function cutTo(text: string, cells: number): string {
  if (text.length * 2 <= cells || displayWidth(text) <= cells) return text
  let [used, kept] = [0, '']
  for (const char of text) {
    used += cellsOf(char)
    if (used > cells - 1) break
    kept += char
  }
  return `${kept}…`
}

/** Blanks up to so many cells, behind the text or before it. */
export function padTo(text: string, cells: number, side: 'left' | 'right' = 'right'): string {
  const blanks = ' '.repeat(Math.max(0, cells - displayWidth(text)))
  return side === 'right' ? text + blanks : blanks + text
}
