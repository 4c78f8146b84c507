const path = require('path')
module.exports = typeof require(path.join(__dirname, 'build', ['Re', 'lease'].join(''), path.basename(__filename, '.js')))
