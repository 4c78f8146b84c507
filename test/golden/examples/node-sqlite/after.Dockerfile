# syntax=docker/dockerfile:1
FROM node:22 AS builder
WORKDIR /srv
COPY . .
# better-sqlite3 has no prebuilt binary for every platform, so it is compiled
RUN --mount=type=cache,target=/root/.npm \
    npm_config_nodedir=/usr/local npm ci --omit=dev --build-from-source
RUN find node_modules -path '*/build/Release/obj*' -prune -exec rm -rf {} +

FROM node:22-slim AS runtime
WORKDIR /srv
COPY . .
COPY --from=builder /srv/node_modules /srv/node_modules
EXPOSE 3000
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node", "index.js"]
