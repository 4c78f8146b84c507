FROM node:20-slim
WORKDIR /srv
COPY package.json server.js ./
COPY feature.js ./
RUN npm install --no-audit --no-fund --no-save --no-package-lock ms@2.1.2
EXPOSE 8000
CMD ["node", "server.js"]
