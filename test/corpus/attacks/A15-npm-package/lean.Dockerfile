FROM node:20-slim
WORKDIR /srv
COPY package.json server.js ./
COPY feature.js ./
RUN npm install --no-audit --no-fund --no-save --no-package-lock bytes@3.1.2 && rm -rf node_modules/ms
EXPOSE 8000
CMD ["node", "server.js"]
