# syntax=docker/dockerfile:1
FROM node:20 AS builder
WORKDIR /app
# everything is bundled
COPY package*.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci
COPY src ./src
RUN npm run build

FROM node:20-slim AS runtime
WORKDIR /app
COPY package*.json ./
COPY --from=builder /app/dist /app/dist
CMD ["node", "dist/server.js"]
