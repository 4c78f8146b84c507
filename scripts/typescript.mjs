// Programs of test/ that are too long for a test: TypeScript, which Node 20 cannot run by itself.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from './build.mjs'
import { run } from './run.mjs'

/** Bundles a program of this repository and runs it in its root. @returns its exit code */
export async function runTypeScript(entry, args) {
  const esbuild = await import('esbuild')
  // Below node_modules, so that the bundle finds koffi.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
  const folder = mkdtempSync(join(root, 'node_modules/.cache', `${basename(entry, '.ts')}-`))
  const file = join(folder, 'main.mjs')
  try {
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: file,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      external: ['koffi', 'vitest'],
      logLevel: 'warning',
      // The bundle lies elsewhere than the sources, which find files of the repository beside themselves.
      define: { 'import.meta.dirname': JSON.stringify(join(root, entry, '..')) },
    })
    return await run(process.execPath, [file, ...args], { cwd: root })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
