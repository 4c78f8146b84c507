# syntax=docker/dockerfile:1
FROM node:22 AS builder

RUN --mount=type=cache,target=/root/.npm \
    npm install -g pnpm@9.15.9

WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/root/.local/share/pnpm/store \
    pnpm install --frozen-lockfile
RUN pnpm build
RUN CI=true pnpm prune --prod

FROM node:22-slim AS runtime

# libnuma1: /usr/lib/x86_64-linux-gnu/libnuma.so.1.0.0, found missing by the proof
# procps: /usr/bin/ps, found missing by the proof
RUN apt-get update \
    && apt-get install -y --no-install-recommends libnuma1 procps \
    && rm -rf /var/lib/apt/lists/*
COPY --from=builder /usr/local/lib/node_modules/pnpm /usr/local/lib/node_modules/pnpm
RUN ln -s ../lib/node_modules/pnpm/bin/pnpm.cjs /usr/local/bin/pnpm && ln -s ../lib/node_modules/pnpm/bin/pnpx.cjs /usr/local/bin/pnpx

WORKDIR /app
COPY --from=builder /app/package.json /app/pnpm-lock.yaml /app/
COPY --from=builder /app/node_modules /app/node_modules
COPY --from=builder /app/build /app/build

EXPOSE 3000
CMD ["pnpm", "start"]
