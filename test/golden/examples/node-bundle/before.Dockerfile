FROM node:20
WORKDIR /home/node/app

# the bundle has everything in it, so all packages are development dependencies
COPY package.json package-lock.json ./
RUN npm ci --no-audit
COPY tsconfig.json ./
COPY src ./src
RUN npm run build

USER node
EXPOSE 3000
CMD ["node", "dist/server.js"]
