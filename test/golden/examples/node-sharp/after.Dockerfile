# syntax=docker/dockerfile:1
FROM node:22 AS builder
WORKDIR /app
COPY package.json ./
RUN --mount=type=cache,target=/usr/local/share/.cache/yarn \
    yarn install
COPY src ./src
RUN yarn build
RUN yarn install --production --ignore-scripts --prefer-offline

FROM node:22-slim AS runtime
WORKDIR /app
COPY package.json ./
COPY --from=builder /app/node_modules /app/node_modules
COPY src ./src
COPY --from=builder /app/build /app/build
EXPOSE 3000
USER node
CMD ["node", "build/main.js"]
