// The template of the report page: web/ as one HTML file with its script and style inside (dist/page.html).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @returns the template, and the files it was made from relative to the root */
export async function pageTemplate(esbuild, root) {
  const options = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    target: ['chrome109', 'firefox115', 'safari16.4'],
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    write: false,
  }
  const [script, style] = await Promise.all([
    esbuild.build({
      ...options,
      entryPoints: ['web/src/main.tsx'],
      format: 'iife',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      tsconfig: 'web/tsconfig.json',
    }),
    esbuild.build({ ...options, entryPoints: ['web/src/style.css'] }),
  ])
  // A closing tag inside the script would end it.
  const code = script.outputFiles[0].text.trim().replaceAll('</script', '<\\/script')
  const html = readFileSync(join(root, 'web/template.html'), 'utf8')
    .replace('/*STYLE*/', () => style.outputFiles[0].text.trim())
    .replace('/*SCRIPT*/', () => code)
  return { html, inputs: Object.keys(script.metafile.inputs) }
}
