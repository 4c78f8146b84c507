FROM node:20

ENV NODE_ENV=production PORT=8080
WORKDIR /app

COPY package.json package-lock.json ./
# Development dependencies too: the build needs the compiler
RUN npm ci --include=dev

COPY . .
RUN npm run build

RUN chown -R node:node /app
USER node

EXPOSE 8080
HEALTHCHECK --interval=30s CMD node -e "fetch('http://127.0.0.1:8080/health').then(r => process.exit(r.ok ? 0 : 1))"
CMD ["node", "dist/server.js"]
