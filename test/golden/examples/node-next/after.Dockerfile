# syntax=docker/dockerfile:1
FROM node:20 AS builder

WORKDIR /app

# Install dependencies
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci

COPY . .
ENV NEXT_TELEMETRY_DISABLED=1

# next.config says `output: 'standalone'`; the server wants its static files beside it
RUN npm run build \
    && cp -r public .next/standalone/ \
    && cp -r .next/static .next/standalone/.next/

FROM node:20-slim AS runtime

WORKDIR /app

ENV NEXT_TELEMETRY_DISABLED=1

COPY --from=builder /app/.next/standalone /app/.next/standalone

ENV NODE_ENV=production HOSTNAME=0.0.0.0 PORT=3000
EXPOSE 3000
CMD ["node", ".next/standalone/server.js"]
