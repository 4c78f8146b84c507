# syntax=docker/dockerfile:1
FROM node:20 AS builder
WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/root/.npm \
    npm ci

FROM node:20-slim AS runtime
WORKDIR /app
COPY . .
COPY --from=builder /app/node_modules /app/node_modules
CMD ["node", "server.js"]
