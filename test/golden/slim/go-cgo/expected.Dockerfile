# syntax=docker/dockerfile:1
FROM golang:1.24 AS builder

# the driver links libpq
RUN apt-get update && apt-get install -y libpq-dev

WORKDIR /app
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/root/go/pkg/mod \
    go mod download

COPY . .
# templates are read from disk
RUN --mount=type=cache,target=/root/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    go generate ./... && go build -o server ./cmd/server

FROM debian:bookworm-slim AS runtime

# libpq5: libpq.so.5, needed by /app/server
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app

COPY --from=builder /app/locales /app/locales
COPY --from=builder /app/templates /app/templates
COPY --from=builder /app/server /app/

EXPOSE 8080
USER 1000
CMD ["./server"]
