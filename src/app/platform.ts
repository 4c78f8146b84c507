import type { Platform } from '../image/index.ts'

/** The platform that images are built for and pulled for. */
export function hostPlatform(): Platform {
  return { os: 'linux', architecture: process.arch === 'arm64' ? 'arm64' : 'amd64' }
}
