# syntax=docker/dockerfile:1
FROM node:20-alpine3.20 AS builder
RUN apk update && apk add git && rm -rf /var/cache/apk/*
WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/root/.npm \
    npm ci && npm run build
RUN npm prune --omit=dev

FROM node:20-alpine3.20 AS runtime
WORKDIR /app
COPY --from=builder /app/package-lock.json /app/package.json /app/
COPY --from=builder /app/dist /app/dist
COPY --from=builder /app/node_modules /app/node_modules
EXPOSE 3000
# started as the base image's own user
USER node
CMD ["node", "dist/main.js"]
