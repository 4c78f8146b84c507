/** What helps against what the expansion of a word says; BuildKit's messages name the trouble only. */
export function expansionHint(text: string, message: string): string | undefined {
  if (message.includes('matching'))
    return 'close the quote, or put a \\ before one that is meant as it stands'
  const needed = /\$\{(\w+):?\?/.exec(text)?.[1]
  if (needed)
    return `give ${needed} a value: --build-arg ${needed}=VALUE with ARG ${needed}, or ENV`
  if (text.includes('${'))
    return 'end the variable with a }; after its name only :-, -, :+, +, :?, ?, #, % and / may stand'
  return undefined
}
