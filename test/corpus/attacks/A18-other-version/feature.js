module.exports = require('ms/package.json').version
