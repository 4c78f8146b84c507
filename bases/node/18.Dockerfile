# Stand-in for node:18: the Node, npm and corepack that the official image unpacks, yarn 1, and the user `node`.
FROM buildpack-deps:bookworm

RUN groupadd --gid 1000 node \
 && useradd --uid 1000 --gid node --shell /bin/bash --create-home node

ENV NODE_VERSION=18.20.8
ENV YARN_VERSION=1.22.22

RUN --mount=type=bind,source=.,target=/mnt/stand-in \
    sh /mnt/stand-in/install.sh

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="node:18"
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]
