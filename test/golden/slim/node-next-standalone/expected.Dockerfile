# syntax=docker/dockerfile:1
FROM node:20 AS builder
WORKDIR /app
COPY package*.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci
COPY . .
RUN npm run build && cp -r public .next/standalone/ && cp -r .next/static .next/standalone/.next/

FROM node:20-slim AS runtime
WORKDIR /app
COPY --from=builder /app/package.json /app/
COPY --from=builder /app/.next/standalone /app/.next/standalone
EXPOSE 3000
CMD ["node", ".next/standalone/server.js"]
