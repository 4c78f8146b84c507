import type { CommandProbe } from './types.ts'

const alwaysTrue = /^(?:true|:|exit 0|\/bin\/true|\/usr\/bin\/true|echo\b[^|&;]*)$/
const cannotFail = /\|\|\s*(?:true|:|exit 0|echo\b.*)\s*;?\s*$/

/**
 * Why a command says nothing about the app although it exits 0 (`true`, `curl … || exit 0`), undefined when it says
 * something. A probe that cannot fail must not be the one that makes a proof.
 */
export function whyVain({ argv }: CommandProbe): string | undefined {
  const shell = /(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(argv[0] ?? '') && argv[1] === '-c'
  const text = (shell ? (argv[2] ?? '') : argv.join(' ')).trim()
  if (alwaysTrue.test(text)) return 'the command succeeds whatever the app does'
  if (cannotFail.test(text)) return 'the command succeeds even when what it asks fails'
  return undefined
}

const interpreters =
  /^(?:python[\d.]*|node|ruby|perl|php|irb|lua|bash|sh|dash|ash|zsh|jshell|busybox)$/

/** A command that starts an interpreter without a program: with no terminal it ends at once, whatever is installed. */
export function isBareInterpreter(argv: readonly string[]): boolean {
  const words = argv.filter((word) => !word.startsWith('-'))
  const name = (words[0] ?? '').split('/').at(-1) ?? ''
  return (
    words.length === 1 &&
    interpreters.test(name) &&
    !argv.some((word) => /^-[A-Za-z]*[cme]$/.test(word))
  )
}
