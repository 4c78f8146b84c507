# syntax=docker/dockerfile:1
FROM golang:1.24-alpine AS builder

RUN apk add --no-cache git ca-certificates
WORKDIR /go/src/app
COPY . .
# static, so that it runs anywhere
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -o /usr/local/bin/app .

FROM alpine:3.20 AS runtime

# ca-certificates: installed by the original Dockerfile, and no build tool
RUN apk add --no-cache ca-certificates
WORKDIR /go/src/app
COPY --from=builder /usr/local/bin/app /usr/local/bin/

EXPOSE 8080
ENTRYPOINT ["app"]
