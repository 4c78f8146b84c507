import { parseShell, type ShellWord } from '../../shell/index.ts'
import { variable } from '../environment.ts'
import type { Word } from './wrappers.ts'

/**
 * The commands of shell text as word lists, in order; calls of functions that the text itself defines are left out.
 * `"$@"` becomes the given arguments, plain variables get their value from the image's environment.
 */
export function shellCommands(
  text: string,
  args: readonly Word[],
  env: readonly string[] | undefined,
): readonly (readonly Word[])[] {
  const functions = new Set(
    [...text.matchAll(/^[ \t]*(?:function[ \t]+([\w-]+)|([\w-]+)[ \t]*\(\))/gm)].map(
      (match) => match[1] ?? match[2],
    ),
  )
  return parseShell(text)
    .commands.filter(({ within }) => within.at(-1) !== 'script')
    .map(({ words }) => words.flatMap((word) => valuesOf(word, args, env)))
    .filter(([name]) => name !== undefined && !functions.has(name))
}

function valuesOf(
  word: ShellWord,
  args: readonly Word[],
  env: readonly string[] | undefined,
): readonly Word[] {
  if (word.value !== null) return [word.value]
  if (/^"?\$(?:[@*]|\{[@*]\})"?$/.test(word.text)) return args
  return [expanded(word.text, env)]
}

/** `"$APP_HOME/bin/run"` and `${PORT:-8000}`; anything more is only known at run time. */
function expanded(text: string, env: readonly string[] | undefined): Word {
  const bare = /^"([^"]*)"$/.exec(text)?.[1] ?? text
  if (/["'`\\]|\$\(/.test(bare)) return undefined
  let known = true
  const value = bare.replace(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^${}]*))?\})|\$/g,
    (_, plain?: string, braced?: string, otherwise?: string) => {
      const found = variable(env, plain ?? braced ?? '') || otherwise
      if (found === undefined) known = false
      return found ?? ''
    },
  )
  return known ? value : undefined
}
