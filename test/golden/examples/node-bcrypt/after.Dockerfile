# syntax=docker/dockerfile:1
FROM node:20 AS builder

# bcrypt is compiled when no prebuilt binary can be downloaded
RUN apt-get update && apt-get install -y python3 make g++

WORKDIR /usr/src/app

# The headers that the image brings, so node-gyp downloads none
ENV npm_config_nodedir=/usr/local

COPY package*.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm install --omit=dev --build-from-source
RUN find node_modules -path '*/build-tmp-*' -prune -exec rm -rf {} +

FROM node:20-slim AS runtime

WORKDIR /usr/src/app

ENV npm_config_nodedir=/usr/local

COPY package*.json ./
COPY --from=builder /usr/src/app/node_modules /usr/src/app/node_modules

COPY . .

EXPOSE 3000
CMD ["npm", "start"]
