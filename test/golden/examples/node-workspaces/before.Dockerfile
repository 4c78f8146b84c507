FROM node:20
WORKDIR /repo
COPY package.json package-lock.json ./
COPY packages/greeting/package.json packages/greeting/
COPY packages/api/package.json packages/api/
RUN npm ci
COPY . .
RUN npm run build
EXPOSE 8000
CMD ["npm", "start", "--workspace", "@example/api"]
