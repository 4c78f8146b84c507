# syntax=docker/dockerfile:1
FROM node:20 AS builder

ENV NODE_ENV=production PORT=8080
WORKDIR /app

COPY package.json package-lock.json ./
# Development dependencies too: the build needs the compiler
RUN --mount=type=cache,target=/root/.npm \
    npm ci --include=dev

COPY . .
RUN npm run build

RUN chown -R node:node /app
RUN npm prune --omit=dev

FROM node:20-slim AS runtime

ENV NODE_ENV=production PORT=8080
WORKDIR /app

COPY --from=builder --chown=node:node /app/dist /app/dist
COPY --from=builder --chown=node:node /app/node_modules /app/node_modules
COPY --from=builder --chown=node:node /app/test /app/test
COPY --from=builder --chown=node:node /app/views /app/views
COPY --from=builder --chown=node:node /app/package.json /app/
RUN chown node:node /app
USER node

EXPOSE 8080
HEALTHCHECK --interval=30s CMD node -e "fetch('http://127.0.0.1:8080/health').then(r => process.exit(r.ok ? 0 : 1))"
CMD ["node", "dist/server.js"]
