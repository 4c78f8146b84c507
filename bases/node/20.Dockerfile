# Stand-in for node:20: the Node, npm and corepack that the official image unpacks, yarn 1, and the user `node`.
FROM buildpack-deps:bookworm

RUN groupadd --gid 1000 node \
 && useradd --uid 1000 --gid node --shell /bin/bash --create-home node

ENV NODE_VERSION=20.18.0
ENV YARN_VERSION=1.22.22

RUN --mount=type=bind,source=.,target=/mnt/stand-in \
    sh /mnt/stand-in/install.sh

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="node:20"
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]
