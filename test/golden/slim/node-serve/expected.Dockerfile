# syntax=docker/dockerfile:1
FROM node:18 AS builder

WORKDIR /app

COPY . .

RUN --mount=type=cache,target=/root/.npm \
    npm install
RUN npm run build

RUN --mount=type=cache,target=/root/.npm \
    npm install -g serve
RUN npm prune --omit=dev

FROM node:18-slim AS runtime

WORKDIR /app

COPY . .

COPY --from=builder /app/node_modules /app/node_modules
COPY --from=builder /app/dist /app/dist

COPY --from=builder /usr/local/lib/node_modules/serve /usr/local/lib/node_modules/serve
RUN ln -s ../lib/node_modules/serve/build/main.js /usr/local/bin/serve
EXPOSE 4173
CMD ["serve", "-s", "dist", "-l", "4173"]
