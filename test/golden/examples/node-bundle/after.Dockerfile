# syntax=docker/dockerfile:1
FROM node:20 AS builder
WORKDIR /home/node/app

# the bundle has everything in it, so all packages are development dependencies
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci --no-audit
COPY tsconfig.json ./
COPY src ./src
RUN npm run build

FROM node:20-slim AS runtime
WORKDIR /home/node/app

COPY package.json package-lock.json ./
COPY --from=builder /home/node/app/dist /home/node/app/dist

USER node
EXPOSE 3000
CMD ["node", "dist/server.js"]
