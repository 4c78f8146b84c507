FROM node:20
WORKDIR /srv
COPY package.json server.js ./
COPY feature.js settings.json ./
RUN npm install --no-audit --no-fund --no-package-lock
EXPOSE 8000
CMD ["node", "server.js"]
