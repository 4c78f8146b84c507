# syntax=docker/dockerfile:1
FROM node:20 AS builder
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci
COPY . .
RUN npm run build
RUN chown -R node:node /app
RUN npm prune --omit=dev

FROM node:20-slim AS runtime
WORKDIR /app
COPY --from=builder --chown=node:node /app/dist /app/dist
COPY --from=builder --chown=node:node /app/node_modules /app/node_modules
COPY --from=builder --chown=node:node /app/public /app/public
COPY --from=builder --chown=node:node /app/package.json /app/
RUN chown node:node /app
USER node
CMD ["node", "dist/server.js"]
