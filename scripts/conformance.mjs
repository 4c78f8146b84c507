// The full measure against BuildKit: `npm run conformance [-- --json]`. Needs root, and Debian packages the first time.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bootstrap } from './bootstrap.mjs'
import { buildIfChanged, root } from './build.mjs'
import { main, run } from './run.mjs'

await main(async () => {
  await bootstrap()
  await buildIfChanged()
  const esbuild = await import('esbuild')
  // TypeScript that Node 20 cannot run by itself. Below node_modules, so that the bundle finds koffi.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
  const folder = mkdtempSync(join(root, 'node_modules/.cache/conformance-'))
  const file = join(folder, 'main.mjs')
  try {
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: ['test/conformance/main.ts'],
      outfile: file,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      external: ['koffi', 'vitest'],
      logLevel: 'warning',
    })
    return await run(process.execPath, [file, ...process.argv.slice(2)], { cwd: root })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
