# syntax=docker/dockerfile:1
FROM rust:1.80-alpine AS builder
RUN apk add --no-cache musl-dev
WORKDIR /usr/src/app
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    cargo build --release

FROM alpine:3.20 AS runtime
WORKDIR /usr/src/app
COPY --from=builder /usr/src/app/target/release/app /usr/src/app/target/release/
CMD ["./target/release/app"]
