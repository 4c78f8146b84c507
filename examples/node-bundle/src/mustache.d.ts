declare module 'mustache' {
  const mustache: { render(template: string, view: object): string }
  export default mustache
}
