FROM node:20
WORKDIR /srv
COPY package.json server.js feature.js feature.c ./
RUN mkdir -p build/Release && gcc -shared -fPIC -o build/Release/feature.node feature.c
EXPOSE 8000
CMD ["node", "server.js"]
