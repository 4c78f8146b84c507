# syntax=docker/dockerfile:1
FROM debian:bookworm AS builder

RUN apt-get update \
 && apt-get install -y ocaml-nox \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY server.ml .
RUN ocamlopt unix.cmxa server.ml -o /usr/local/bin/stanzas

FROM debian:bookworm-slim AS runtime

WORKDIR /app
COPY --from=builder /usr/local/bin/stanzas /usr/local/bin/

EXPOSE 8080
CMD ["stanzas"]
