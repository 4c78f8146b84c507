export function pageTemplate(
  esbuild: typeof import('esbuild'),
  root: string,
): Promise<{ readonly html: string; readonly inputs: readonly string[] }>
