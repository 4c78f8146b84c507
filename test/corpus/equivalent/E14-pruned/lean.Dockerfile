FROM node:20 AS builder
WORKDIR /srv
COPY package.json server.js feature.js ./
RUN npm install --no-audit --no-fund --no-package-lock
RUN npm prune --omit=dev --no-audit --no-fund --no-package-lock

FROM node:20-slim
WORKDIR /srv
COPY --from=builder /srv ./
EXPOSE 8000
CMD ["node", "server.js"]
