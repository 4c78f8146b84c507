# Stand-in for node:18-slim: what node:18 has under /usr/local and /opt, without compilers, headers and Python.
FROM node:18 AS full

FROM debian:bookworm-slim

RUN groupadd --gid 1000 node \
 && useradd --uid 1000 --gid node --shell /bin/bash --create-home node

ENV NODE_VERSION=18.20.8
ENV YARN_VERSION=1.22.22

COPY --from=full /usr/local /usr/local
COPY --from=full /opt /opt

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="node:18-slim"
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]
