/** A command line of the image, as far as it says what is run. */
type Started = {
  readonly name: string
  readonly arguments: readonly (string | undefined)[]
  readonly files: readonly string[]
}

/** Programs that run TypeScript as it is. */
const runners =
  /^(?:ts-node(?:-dev|-esm)?|tsx|bun|bunx|deno|vite-node|nodemon|babel-node|esno|swc-node)$/

/** Command lines of development servers, which build from the sources whenever they start. */
const servers =
  /^(?:nest start|(?:next|nuxt|nuxi|astro|remix|vinxi) dev|ng serve|react-scripts start|vue-cli-service serve|gatsby develop|webpack(?:-dev-server| serve)|(?:vite|parcel)(?: (?:dev|serve|-\S+|\S+\.html))?)$/

/**
 * True when a program of the image reads the project's TypeScript (or JSX, Vue, Sass) as it starts: a runner, a
 * development server, or a source by name.
 */
export function runsSources(started: readonly Started[]): boolean {
  return started.some(({ name, arguments: [first], files }) => {
    const program = name.slice(name.lastIndexOf('/') + 1)
    const line = first === undefined ? program : `${program} ${first}`
    return (
      runners.test(program) || servers.test(line) || files.some((file) => /\.[cm]?tsx?$/.test(file))
    )
  })
}
