/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  eslint: { ignoreDuringBuilds: true },
  // Every replica has to answer with the same id, so that a page finds its scripts on whichever of them it asks
  generateBuildId: () => process.env.GIT_COMMIT ?? 'dev',
}
