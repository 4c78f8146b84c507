# syntax=docker/dockerfile:1
FROM golang:1.24 AS builder
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    go build -o /usr/local/bin/app .

FROM debian:bookworm-slim AS runtime
WORKDIR /src
COPY --from=builder /usr/local/bin/app /usr/local/bin/
CMD ["app"]
