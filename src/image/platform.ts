import type { Platform } from './config.ts'

const systems = new Set(
  'aix android darwin dragonfly freebsd illumos ios js linux netbsd openbsd plan9 solaris wasip1 windows'.split(
    ' ',
  ),
)
const architectures = new Set(
  '386 amd64 arm arm64 loong64 mips mipsle mips64 mips64le ppc64 ppc64le riscv64 s390x wasm'.split(
    ' ',
  ),
)

/** `os`, `arch`, `os/arch` or `os/arch/variant`, normalised as containerd does; null when it is none of these. */
export function parsePlatform(text: string, host: Platform): Platform | null {
  const parts = text.split('/')
  if (parts.length > 3 || parts.some((part) => !/^[A-Za-z0-9_.-]+$/.test(part))) return null
  const [first = '', second, variant] = parts.map((part) => part.toLowerCase())
  if (second === undefined) {
    if (systems.has(first)) return { ...host, os: first }
    const { architecture } = normalised(first)
    return architectures.has(architecture) ? { os: host.os, ...normalised(first) } : null
  }
  return { os: first === 'macos' ? 'darwin' : first, ...normalised(second, variant) }
}

/** `linux/arm/v7`: the form of messages. */
export function formatPlatform(platform: Platform): string {
  const { architecture, variant } = normalised(platform.architecture, platform.variant)
  return [platform.os, architecture, variant].filter(Boolean).join('/')
}

function normalised(
  architecture: string,
  variant = '',
): { readonly architecture: string; readonly variant?: string } {
  if (architecture === 'i386') return { architecture: '386' }
  if (['x86_64', 'x86-64', 'amd64'].includes(architecture))
    return { architecture: 'amd64', ...(variant === '' || variant === 'v1' ? {} : { variant }) }
  if (architecture === 'aarch64' || architecture === 'arm64')
    return {
      architecture: 'arm64',
      ...(['', '8', 'v8', 'v8.0'].includes(variant) ? {} : { variant }),
    }
  if (architecture === 'armhf') return { architecture: 'arm', variant: 'v7' }
  if (architecture === 'armel') return { architecture: 'arm', variant: 'v6' }
  if (architecture === 'arm')
    return { architecture: 'arm', variant: /^\d$/.test(variant) ? `v${variant}` : variant || 'v7' }
  return { architecture, ...(variant === '' ? {} : { variant }) }
}
