FROM node:22
WORKDIR /srv
COPY . .
# better-sqlite3 has no prebuilt binary for every platform, so it is compiled
RUN npm_config_nodedir=/usr/local npm ci --build-from-source && npm cache clean --force
EXPOSE 3000
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node", "index.js"]
