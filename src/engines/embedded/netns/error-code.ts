/** The errno name of a system error, else its message. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = (error as NodeJS.ErrnoException).code
  return typeof code === 'string' ? code : error.message
}
