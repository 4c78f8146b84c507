FROM node:22
WORKDIR /app
COPY package.json ./
RUN yarn install
COPY src ./src
RUN yarn build
EXPOSE 3000
USER node
CMD ["node", "build/main.js"]
