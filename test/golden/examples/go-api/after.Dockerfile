# syntax=docker/dockerfile:1
FROM golang:1.24 AS builder

WORKDIR /src

# modules first, so that a change of the sources does not fetch them again
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod \
    go mod download

COPY . .

ARG VERSION=1.4.0
ENV CGO_ENABLED=0
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    go vet ./... && \
    go build -ldflags "-s -w -X main.version=${VERSION}" -o /usr/local/bin/notes-api ./cmd/api

FROM debian:bookworm-slim AS runtime

WORKDIR /src

# ca-certificates: certificates, used at run time by /usr/local/bin/notes-api
# curl: called by HEALTHCHECK
# media-types: /etc/mime.types, used at run time by /usr/local/bin/notes-api
# netbase: names of ports, used at run time by /usr/local/bin/notes-api
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates \
        curl \
        media-types \
        netbase \
    && rm -rf /var/lib/apt/lists/*

ENV CGO_ENABLED=0
COPY --from=builder /usr/local/bin/notes-api /usr/local/bin/

EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s CMD curl -fsS http://localhost:8080/health || exit 1
CMD ["notes-api"]
