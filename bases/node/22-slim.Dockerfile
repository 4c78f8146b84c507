# Stand-in for node:22-slim: what node:22 has under /usr/local and /opt, without compilers, headers and Python.
FROM node:22 AS full

FROM debian:bookworm-slim

RUN groupadd --gid 1000 node \
 && useradd --uid 1000 --gid node --shell /bin/bash --create-home node

ENV NODE_VERSION=22.20.0
ENV YARN_VERSION=1.22.22

COPY --from=full /usr/local /usr/local
COPY --from=full /opt /opt

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="node:22-slim"
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]
