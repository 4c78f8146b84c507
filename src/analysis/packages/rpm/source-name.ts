/** `gcc-toolset-12-gcc-12.2.1-7.el9.src.rpm` → `gcc-toolset-12-gcc`. */
export function sourceName(file: string): string {
  return file.replace(/-[^-]+-[^-]+\.(?:no)?src\.rpm$/, '')
}
