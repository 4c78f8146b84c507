# syntax=docker/dockerfile:1
FROM node:20 AS builder
WORKDIR /repo
COPY package.json package-lock.json ./
COPY packages/greeting/package.json packages/greeting/
COPY packages/api/package.json packages/api/
RUN --mount=type=cache,target=/root/.npm \
    npm ci
COPY . .
RUN npm run build
RUN npm prune --omit=dev

FROM node:20-slim AS runtime
WORKDIR /repo
COPY --from=builder /repo/node_modules /repo/node_modules
COPY --from=builder /repo/package-lock.json /repo/package.json /repo/
COPY --from=builder /repo/packages/api/package.json /repo/packages/api/
COPY --from=builder /repo/packages/greeting/package.json /repo/packages/greeting/
COPY --from=builder /repo/packages/api/lib/server.js /repo/packages/api/lib/
COPY --from=builder /repo/packages/greeting/lib/index.js /repo/packages/greeting/lib/
EXPOSE 8000
CMD ["npm", "start", "--workspace", "@example/api"]
