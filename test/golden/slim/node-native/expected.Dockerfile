# syntax=docker/dockerfile:1
FROM node:20 AS builder

# node-gyp needs these
RUN apt-get update && apt-get install -y python3 gcc

WORKDIR /app
COPY package*.json ./
# No lock file yet
RUN --mount=type=cache,target=/root/.npm \
    npm install --omit=dev
RUN find node_modules -path '*/build/Release/obj*' -prune -exec rm -rf {} +

FROM node:20-slim AS runtime

WORKDIR /app
COPY package*.json ./
COPY --from=builder /app/node_modules /app/node_modules

COPY . .
EXPOSE 3000
CMD ["npm", "start"]
