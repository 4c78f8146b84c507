# syntax=docker/dockerfile:1
FROM rust:1 AS builder

WORKDIR /build
COPY . .
# one layer: the program stays, what it was compiled from does not
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    cargo build --release --locked \
 && cp target/release/app /usr/local/bin/app \
 && cargo clean

FROM debian:bookworm-slim AS runtime

WORKDIR /build
COPY --from=builder /usr/local/bin/app /usr/local/bin/

CMD ["app"]
