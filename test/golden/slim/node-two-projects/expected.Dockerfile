# syntax=docker/dockerfile:1
FROM node:20 AS builder
WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/root/.npm \
    cd client && npm install --legacy-peer-deps && npm run build
WORKDIR /app/server
RUN --mount=type=cache,target=/root/.npm \
    npm install
RUN npm prune --omit=dev \
    && cd /app/client && npm prune --omit=dev

FROM node:20-slim AS runtime
WORKDIR /app
COPY --from=builder /app/client/package.json /app/client/
COPY --from=builder /app/server/index.js /app/server/package.json /app/server/
COPY --from=builder /app/client/dist /app/client/dist
COPY --from=builder /app/client/node_modules /app/client/node_modules
WORKDIR /app/server
COPY --from=builder /app/server/node_modules /app/server/node_modules
CMD ["node", "index.js"]
