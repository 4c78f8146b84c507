/** Docker's page of a build check. */
export function dockerPage(slug: string): string {
  return `https://docs.docker.com/go/dockerfile/rule/${slug}/`
}
