FROM node:20 AS builder
WORKDIR /srv
COPY package.json server.js feature.js ./
RUN npm install --no-audit --no-fund --no-package-lock

FROM node:20-slim
WORKDIR /srv
COPY --from=builder /srv ./
RUN find node_modules -name '*.node' -delete && rm -rf node_modules/bufferutil/prebuilds/linux-x64
EXPOSE 8000
CMD ["node", "server.js"]
