/** Whether a path can be said in a Dockerfile at all: a line break ends an instruction, a backslash means too much. */
export function isSayable(path: string): boolean {
  return ![...path].some((char) => char < ' ' || char === '\u007f' || char === '\\')
}

/**
 * The arguments of a COPY that takes these absolute paths and no others: `pages/[id].js` is a name and no pattern, `$slug.tsx` no
 * variable (BuildKit expands both forms), and names with blanks need the form of a list.
 */
export function copyArguments(sources: readonly string[], target: string): string {
  const words = [...sources.map((path) => plain(path.replace(/[*?[]/g, '[$&]'))), plain(target)]
  return words.some((word) => /\s/.test(word)) ? JSON.stringify(words) : words.join(' ')
}

/** A path as one word of a POSIX shell. */
export function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replace(/'/g, "'\\''")}'`
}

function plain(text: string): string {
  return text.replace(/[$'"]/g, '\\$&')
}
