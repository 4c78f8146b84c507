FROM node:20-slim
WORKDIR /srv
COPY package.json server.js feature.js ./
EXPOSE 8000
CMD ["node", "server.js"]
