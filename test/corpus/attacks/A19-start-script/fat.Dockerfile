FROM node:20
WORKDIR /srv
COPY package.json server.js ./
COPY feature.js ./
RUN npm install --no-audit --no-fund --no-package-lock
RUN mkdir -p node_modules/.bin && printf '#!/usr/bin/env node\nrequire("/srv/server.js")\n' >node_modules/.bin/hello && chmod 755 node_modules/.bin/hello && npm pkg set scripts.start=hello
EXPOSE 8000
CMD ["npm", "start"]
