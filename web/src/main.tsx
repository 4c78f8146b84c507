import { render } from 'preact'
import { App } from './app.tsx'
import { readData } from './data.ts'

const root = document.getElementById('app')
if (root) {
  readData().then(
    (data) => render(<App data={data} />, root),
    (error: unknown) => {
      root.textContent = `The data of this page cannot be read: ${String(error)}`
    },
  )
}
