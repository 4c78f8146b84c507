# syntax=docker/dockerfile:1
FROM node:20-alpine AS builder

# node-gyp needs these
RUN apk add --no-cache python3 make g++

WORKDIR /app
COPY package*.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev
RUN find node_modules -path '*/build/Release/obj*' -prune -exec rm -rf {} +

FROM node:20-alpine AS runtime

# libstdc++: libstdc++.so.6, needed by /app/node_modules/better-sqlite3/build/Release/better_sqlite3.node
RUN apk add --no-cache libstdc++

WORKDIR /app
COPY package*.json ./
COPY --from=builder /app/node_modules /app/node_modules

COPY . .
USER node
EXPOSE 3000
CMD ["node", "server.js"]
