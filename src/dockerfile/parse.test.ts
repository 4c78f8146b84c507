import { describe, expect, test } from 'vitest'
import { parseDockerfile, parseTrigger } from './parse.ts'
import type { Dockerfile, Instruction } from './types.ts'

/** `CODE message @ the text of its range` for each diagnostic. */
function problems(text: string): string[] {
  return parseDockerfile(text).diagnostics.map(
    ({ code, message, range }) =>
      `${code} ${message} @ ${JSON.stringify(text.slice(range.start, range.end))}`,
  )
}

const afterFrom = (lines: string): string => `FROM a\n${lines}`

describe('what BuildKit refuses', () => {
  test.each([
    ['RUNN ls', 'UNKNOWN_INSTRUCTION unknown instruction: RUNN (did you mean RUN?) @ "RUNN"'],
    ['copi a b', 'UNKNOWN_INSTRUCTION unknown instruction: copi (did you mean COPY?) @ "copi"'],
    ['&& ls', 'UNKNOWN_INSTRUCTION unknown instruction: && @ "&&"'],
    ['RUN []', 'MISSING_ARGUMENT RUN requires at least one argument @ "RUN"'],
    ['ENV', 'MISSING_ARGUMENT ENV requires at least one argument @ "ENV"'],
    ['ENV PATH', 'MISSING_ARGUMENT ENV must have two arguments @ "PATH"'],
    [
      'ENV a=b c d=e',
      'BAD_KEY_VALUE Syntax error - can\'t find = in "c". Must be of the form: name=value @ "c"',
    ],
    ['ENV =x', 'BAD_KEY_VALUE ENV names can not be blank @ "=x"'],
    ['ARG =x', 'BAD_KEY_VALUE ARG names can not be blank @ "=x"'],
    ['ARG', 'MISSING_ARGUMENT ARG requires at least one argument @ "ARG"'],
    [
      'COPY a',
      'MISSING_ARGUMENT COPY requires at least two arguments, but only one was provided. Destination could not be determined @ "a"',
    ],
    ['ADD', 'MISSING_ARGUMENT ADD requires at least two arguments @ "ADD"'],
    ['COPY --form=b a b', 'UNKNOWN_FLAG unknown flag: --form (did you mean from?) @ "--form=b"'],
    ['ENV --x a=b', 'UNKNOWN_FLAG unknown flag: --x @ "--x"'],
    ['COPY --from a b', 'BAD_FLAG_VALUE missing a value on flag: --from @ "--from"'],
    [
      'COPY --link=yes a b',
      'BAD_FLAG_VALUE expecting boolean value for flag --link, not: yes @ "--link=yes"',
    ],
    [
      'COPY --chown=1 --chown=2 a b',
      'DUPLICATE_FLAG duplicate flag specified: --chown @ "--chown=2"',
    ],
    ['COPY a <<EOF\nEOF', 'BAD_HEREDOC COPY cannot accept a heredoc as a destination @ "<<EOF"'],
    [
      'CMD ["a", 1]',
      'BAD_JSON when using JSON array syntax, arrays must be comprised of strings only @ "[\\"a\\", 1]"',
    ],
    ['SHELL bash', 'BAD_JSON SHELL requires the arguments to be in JSON form @ "bash"'],
    ['SHELL []', 'MISSING_ARGUMENT SHELL requires at least one argument @ "SHELL"'],
    ['WORKDIR', 'MISSING_ARGUMENT WORKDIR requires exactly one argument @ "WORKDIR"'],
    ['EXPOSE', 'MISSING_ARGUMENT EXPOSE requires at least one argument @ "EXPOSE"'],
    ['VOLUME [""]', 'MISSING_ARGUMENT VOLUME specified can not be an empty string @ "\\"\\""'],
    ['FROM a b', 'TOO_MANY_ARGUMENTS FROM requires either one or three arguments @ "b"'],
    [
      'FROM a AS 1x',
      'BAD_STAGE_NAME invalid name for build stage: "1x", name can\'t start with a number or contain symbols @ "1x"',
    ],
    ['HEALTHCHECK NONE x', 'TOO_MANY_ARGUMENTS HEALTHCHECK NONE takes no arguments @ "x"'],
    ['HEALTHCHECK CMD', 'MISSING_ARGUMENT Missing command after HEALTHCHECK CMD @ "CMD"'],
    ['HEALTHCHECK curl x', 'BAD_HEALTHCHECK Unknown type "CURL" in HEALTHCHECK (try CMD) @ "curl"'],
    [
      'HEALTHCHECK --interval=50ns CMD x',
      'BAD_FLAG_VALUE Interval "interval" cannot be less than 1ms @ "--interval=50ns"',
    ],
    ['HEALTHCHECK --timeout=3 CMD x', 'BAD_FLAG_VALUE time: invalid duration "3" @ "--timeout=3"'],
    [
      'HEALTHCHECK --retries=-1 CMD x',
      'BAD_FLAG_VALUE --retries cannot be negative (-1) @ "--retries=-1"',
    ],
    ['ONBUILD FROM x', 'BAD_TRIGGER FROM isn\'t allowed as an ONBUILD trigger @ "FROM"'],
    [
      'ONBUILD ONBUILD RUN x',
      'BAD_TRIGGER Chaining ONBUILD via `ONBUILD ONBUILD` isn\'t allowed @ "ONBUILD"',
    ],
    [
      'RUN --network=nome x',
      'BAD_FLAG_VALUE network mode "nome" is not supported (did you mean none?) @ "--network=nome"',
    ],
    [
      'RUN --mount=type=bund,target=/x y',
      'BAD_MOUNT unsupported mount type "bund" (did you mean bind?) @ "type=bund"',
    ],
    ['RUN x \\\n\n y', 'EMPTY_CONTINUATION Empty continuation line @ ""'],
    ['RUN cat <<EOF\nno end', 'UNTERMINATED_HEREDOC unterminated heredoc @ "<<"'],
  ])('%j', (line, expected) => {
    expect(problems(afterFrom(line))).toEqual([expected])
  })

  test.each([
    ['', 'NO_INSTRUCTIONS file with no instructions @ ""'],
    ['# only\n\n', 'NO_INSTRUCTIONS file with no instructions @ "# only"'],
    ['RUN x\nFROM a', 'BEFORE_FROM no build stage in current context @ "RUN"'],
    ['ARG x\n', 'NO_STAGE dockerfile contains no stages to build @ "ARG"'],
    [
      'FORM a\nRUN x',
      'UNKNOWN_INSTRUCTION unknown instruction: FORM (did you mean FROM?) @ "FORM"',
    ],
    ['FROM\nRUN x', 'MISSING_ARGUMENT FROM requires either one or three arguments @ "FROM"'],
    [
      '# escape=x\nFROM a',
      'BAD_DIRECTIVE invalid escape token \'x\' does not match ` or \\ @ "# escape=x"',
    ],
    [
      '# syntax=a\n# syntax=b\nFROM a',
      'BAD_DIRECTIVE only one syntax parser directive can be used @ "# syntax=b"',
    ],
  ])('%j', (text, expected) => {
    expect(problems(text)).toContain(expected)
  })

  test('a line over 65,535 bytes', () => {
    const fits = `FROM a\nRUN ${'x'.repeat(65_530)}\n`
    expect(problems(fits)).toEqual([])
    const [found] = parseDockerfile(fits.replace('RUN', 'RUN ')).diagnostics
    expect(found?.code).toBe('LINE_TOO_LONG')
    const wide = `FROM a\nRUN ${'é'.repeat(40_000)}\n`
    expect(parseDockerfile(wide).diagnostics.map(({ code }) => code)).toEqual(['LINE_TOO_LONG'])
  })
})

describe('what BuildKit accepts', () => {
  test.each([
    'CMD',
    'CMD []',
    'ENTRYPOINT []',
    "CMD ['a']",
    'RUN [ -f x ] && y',
    'HEALTHCHECK --interval=0 CMD x',
    'HEALTHCHECK NONE',
    'ENV a b c=d',
    'COPY --link --parents --exclude=a --exclude=b a b',
    'ADD --keep-git-dir=true --checksum=sha256:x --unpack=false https://x /',
    'RUN --mount=type=$T,target=/x --mount=type=secret,id=x,mode=0400 y',
    'RUN --network=none --security=insecure x',
    'USER <<X',
    'ONBUILD RUN x',
    'run\tlower',
  ])('%j', (line) => {
    expect(problems(afterFrom(line))).toEqual([])
  })
})

const only = (text: string): Instruction => {
  const { instructions }: Dockerfile = parseDockerfile(text).value
  const last = instructions.at(-1)
  if (!last) throw new Error('no instruction')
  return last
}

describe('heredocs', () => {
  // The shapes of BuildKit's TestParseExtractsHeredoc, as documented in its heredoc reference.
  test.each([
    ['RUN <<EMPTY\nEMPTY', [['EMPTY', '', true]]],
    ['RUN 3<<X\na\nX', [['X', 'a\n', true]]],
    ['RUN <<-X\n\ta\n\t\tb\n\tX', [['X', 'a\nb\n', true]]],
    ["RUN <<'X'\n$a\nX", [['X', '$a\n', false]]],
    ["RUN <<eo'f'\na\neof", [['eof', 'a\n', false]]],
    ["RUN <<eo\\'f\na\neo'f", [["eo'f", 'a\n', true]]],
    ["RUN <<'one two'\na\none two", [['one two', 'a\n', false]]],
    ['RUN <<$EOF\n$EOF', [['$EOF', '', true]]],
    ['RUN <<  EOF  > foo\nEOF', [['EOF', '', true]]],
    ['RUN << -EOF\n-EOF', [['-EOF', '', true]]],
    [
      'COPY <<X <<Y /dest\nY\nX\nX\nY',
      [
        ['X', 'Y\n', true],
        ['Y', 'X\n', true],
      ],
    ],
    ['ONBUILD RUN <<X\na\nX', [['X', 'a\n', true]]],
    ['RUN "<<X"', []],
    ['RUN cat <<<x', []],
    ['RUN ["<<X"]', []],
    ['RUN echo "a" \'<<X\'', []],
    ['RUN <<X\r\na\r\nX\r\n', [['X', 'a\r\n', true]]],
  ])('%j', (line, expected) => {
    const found = only(afterFrom(line)).heredocs
    expect(found.map(({ name, content, expand }) => [name, content, expand])).toEqual(expected)
  })

  test('body, range and end', () => {
    const text = afterFrom('COPY <<A <<-B /d/\none\nA\n\ttwo\n\tB\nRUN x')
    const { instructions } = parseDockerfile(text).value
    const copy = instructions[1]
    expect(copy?.heredocs.map(({ range }) => text.slice(range.start, range.end))).toEqual([
      'one\n',
      '\ttwo\n',
    ])
    expect(text.slice(copy?.range.end)).toBe('\nRUN x')
    expect(instructions.map(({ kind }) => kind)).toEqual(['from', 'copy', 'run'])
  })

  test('a trigger keeps its heredoc and can be parsed again', () => {
    const onbuild = only(afterFrom('ONBUILD COPY <<-X /d\n\ta\n\tX'))
    if (onbuild.kind !== 'onbuild') throw new Error(onbuild.kind)
    expect(onbuild.expression).toBe('COPY <<-X /d\n\ta\nX')
    const { value, diagnostics } = parseTrigger(onbuild.expression)
    expect(diagnostics).toEqual([])
    expect(value.instructions.map(({ kind, heredocs }) => [kind, heredocs[0]?.content])).toEqual([
      ['copy', 'a\n'],
    ])
  })
})

describe('places', () => {
  test('words across continuations, CRLF and a byte order mark', () => {
    const text =
      '\ufeff# escape=`\r\nfrom a:1 `\r\n# note\r\n  as `\r\n  B\r\nENV X="1 `\r\n2" Y=z\r\n'
    const { value, diagnostics } = parseDockerfile(text)
    expect(diagnostics).toEqual([])
    const [from, env] = value.instructions
    if (from?.kind !== 'from' || env?.kind !== 'env') throw new Error('kinds')
    const slice = ({ range }: { range: { start: number; end: number } }): string =>
      text.slice(range.start, range.end)
    expect([slice(from.image), from.as && slice(from.as)]).toEqual(['a:1', 'B'])
    expect(env.pairs.map(({ key, value: v }) => [key, v])).toEqual([
      ['X', '"1 2"'],
      ['Y', 'z'],
    ])
    expect(env.pairs.map(slice)).toEqual(['X="1 `\r\n2"', 'Y=z'])
    expect(slice(from)).toBe('from a:1 `\r\n# note\r\n  as `\r\n  B')
  })

  test('flags, JSON strings and comments above', () => {
    const text =
      'FROM a\n# far\n\n# near 1\n  # near 2\nCOPY --from=b --chown="1 2" ["x \\u0061", "y"]\n'
    const copy = only(text)
    if (copy.kind !== 'copy') throw new Error(copy.kind)
    const slice = ({ start, end }: { start: number; end: number }): string => text.slice(start, end)
    expect(copy.comments.map(slice)).toEqual(['# near 1', '# near 2'])
    expect(copy.flags.map(({ name, value, range }) => [name, value, slice(range)])).toEqual([
      ['from', 'b', '--from=b'],
      ['chown', '1 2', '--chown="1 2"'],
    ])
    expect(copy.sources.map(({ text: word, range }) => [word, slice(range)])).toEqual([
      ['x a', '"x \\u0061"'],
    ])
    expect(slice(copy.destination.range)).toBe('"y"')
  })

  test('a diagnostic in a mount points at the option', () => {
    const text = afterFrom(
      'RUN --mount=type=cache,target=/x,sharing=lock \\\n --mount=id=1,ids=2 y',
    )
    expect(problems(text)).toEqual([
      'BAD_MOUNT unsupported sharing value "lock" (did you mean locked?) @ "sharing=lock"',
      "BAD_MOUNT unexpected key 'ids' in 'ids=2' (did you mean id?) @ \"ids=2\"",
    ])
  })
})

test('an instruction that makes no sense is unknown, and keeps its keyword and place', () => {
  const text = afterFrom('COPY a\nRUN y')
  const { instructions } = parseDockerfile(text).value
  expect(instructions.map(({ kind, keyword }) => `${kind} ${keyword}`)).toEqual([
    'from FROM',
    'unknown COPY',
    'run RUN',
  ])
})
