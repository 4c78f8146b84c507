FROM node:20

# bcrypt is compiled when no prebuilt binary can be downloaded
RUN apt-get update && apt-get install -y python3 make g++

WORKDIR /usr/src/app

# The headers that the image brings, so node-gyp downloads none
ENV npm_config_nodedir=/usr/local

COPY package*.json ./
RUN npm install --build-from-source

COPY . .

EXPOSE 3000
CMD ["npm", "start"]
