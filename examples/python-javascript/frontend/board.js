import { h, render } from 'preact'

render(h('h1', null, 'Board'), document.body)
