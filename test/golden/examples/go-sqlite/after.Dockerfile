# syntax=docker/dockerfile:1
FROM golang:1.24 AS builder

RUN apt-get update && apt-get install -y --no-install-recommends libsqlite3-dev

WORKDIR /go/src/counter
COPY . .

# the system's SQLite, not the one that the module brings along
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=1 go build -tags libsqlite3 -o /app/counter .

FROM debian:bookworm-slim AS runtime

# ca-certificates: certificates, used at run time by /app/counter
# libsqlite3-0: libsqlite3.so.0, needed by /app/counter
# netbase: names of ports, used at run time by /app/counter
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libsqlite3-0 netbase \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /go/src/counter

COPY --from=builder /app /app

RUN groupadd -g 999 counter && \
    useradd -r -u 999 -g counter -d /app counter && \
    mkdir -p /data && chown counter:counter /data

ENV DATA_DIR=/data
VOLUME ["/data"]
USER counter
EXPOSE 8080
CMD ["/app/counter"]
