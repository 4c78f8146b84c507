/** The report page. In: a report and two weighed images. Out: data and one HTML file around it. */
export { pageData } from './page-data.ts'
export { renderPage } from './render-page.ts'
export type * from './types.ts'
