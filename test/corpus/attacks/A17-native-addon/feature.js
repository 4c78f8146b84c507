module.exports = String(require('bufferutil').mask.length + ':' + require('fs').existsSync('/srv/node_modules/bufferutil/prebuilds/linux-x64'))
