/** Calls that start a compiler while the app runs, by the text of a source that makes them. */
const calls: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /\bffi\w*\.verify\s*\(/, what: "cffi's verify" },
  { pattern: /\bffi\w*\.compile\s*\(/, what: "cffi's compile" },
  { pattern: /\bpyximport\.install\s*\(|\bcython\.inline\s*\(|\bcythonize\s*\(/, what: 'Cython' },
  {
    pattern: /\btorch\.compile\s*\(|\bcpp_extension\.load(?:_inline)?\s*\(|\bload_inline\s*\(/,
    what: 'PyTorch',
  },
  {
    pattern: /^\s*(?:import|from)\s+(?:triton|cppyy|pythran|weave)\b/m,
    what: 'a compiling module',
  },
  { pattern: /\bnew_compiler\s*\(|\bCCompiler\b/, what: "distutils' compiler" },
  {
    pattern: /\bget_config_var\s*\(\s*["'](?:CC|CXX|LDSHARED)["']/,
    what: 'the compiler of sysconfig',
  },
  { pattern: /\bnumba\.pycc\b|\bfrom\s+numba\s+import\s+[^\n]*\bcfunc\b/, what: 'numba' },
  { pattern: /\brequire\s*\(?\s*["']inline["']|\binline\s+(?:do|:C)\b/, what: 'RubyInline' },
  { pattern: /\bnode-gyp\s+(?:re)?build\b/, what: 'node-gyp' },
  { pattern: /\bInline::C\b|\buse\s+Inline\s+C\b/, what: "Perl's Inline::C" },
]

/** Programs that compile C or C++; which of them is called is known at run time only. */
export const compilers: readonly string[] = ['gcc', 'cc', 'clang', 'g++', 'c++']

/** What in a source compiles when it is called; undefined when nothing known does. */
export function compilesWhenRun(text: string): string | undefined {
  return calls.find(({ pattern }) => pattern.test(text))?.what
}
