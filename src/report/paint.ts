/** Colours a piece of text; the caller decides whether it does anything. */
export type Paint = (
  style: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan',
  text: string,
) => string

/** For files and pipes. */
export const noPaint: Paint = (_style, text) => text
