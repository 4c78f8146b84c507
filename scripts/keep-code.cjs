'use strict'
// Runs one command of jettison and keeps the code that V8 made of it beside dist/cli, for bin/start.cjs.
const { keepCode, start } = require('../bin/start.cjs')

void start(process.argv.slice(2)).then(keepCode)
