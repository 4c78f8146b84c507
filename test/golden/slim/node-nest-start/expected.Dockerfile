# syntax=docker/dockerfile:1
FROM node:18 AS builder

WORKDIR /app

COPY package*.json ./

RUN --mount=type=cache,target=/root/.npm \
    npm install

COPY . /app

RUN npm run build

FROM node:18-slim AS runtime

RUN mkdir -p /app

WORKDIR /app

COPY package*.json ./

COPY --from=builder /app/node_modules /app/node_modules

COPY . /app

COPY --from=builder /app/dist /app/dist

EXPOSE 3000

CMD [ "npx", "nest", "start" ]
