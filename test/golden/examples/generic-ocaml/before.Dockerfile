FROM debian:bookworm

RUN apt-get update \
 && apt-get install -y ocaml-nox \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY server.ml .
RUN ocamlopt unix.cmxa server.ml -o /usr/local/bin/stanzas

EXPOSE 8080
CMD ["stanzas"]
