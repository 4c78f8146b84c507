# syntax=docker/dockerfile:1
FROM golang:1.24-alpine3.20 AS builder

RUN apk add --no-cache build-base sqlite-dev

WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/root/go/pkg/mod \
    go mod download
COPY . .
RUN --mount=type=cache,target=/root/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    go build -tags libsqlite3 -o /src/server .

FROM alpine:3.20 AS runtime

# sqlite-libs: libsqlite3.so.0, needed by /src/server
RUN apk add --no-cache sqlite-libs

WORKDIR /src
COPY --from=builder /src/templates /src/templates
COPY --from=builder /src/server /src/

RUN adduser -D -u 10001 app
USER app
EXPOSE 8080
CMD ["/src/server"]
