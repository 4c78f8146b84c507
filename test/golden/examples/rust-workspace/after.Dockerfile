# syntax=docker/dockerfile:1
FROM rust:1-slim AS builder

ENV DEBIAN_FRONTEND=noninteractive
RUN set -eux; \
    apt-get update; \
    apt-get install -y --no-install-recommends libsqlite3-dev; \
    rm -rf /var/lib/apt/lists/*

WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    cargo build --release --workspace \
 && cp target/release/things-server target/release/things-admin /usr/local/bin/ \
 && cargo clean

FROM debian:bookworm-slim AS runtime

ENV DEBIAN_FRONTEND=noninteractive
# libsqlite3-0: libsqlite3.so.0, needed by /usr/local/bin/things-admin and 1 more
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlite3-0 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /build
COPY --from=builder /build/migrations /build/migrations
COPY --from=builder /build/entrypoint.sh /build/
COPY --from=builder /usr/local/bin/things-admin /usr/local/bin/things-server /usr/local/bin/

COPY migrations /srv/migrations
COPY entrypoint.sh /entrypoint.sh
RUN chmod +x /entrypoint.sh

WORKDIR /var/lib/things
ENV DATABASE_URL=/var/lib/things/things.db
EXPOSE 8080
ENTRYPOINT ["/entrypoint.sh"]
CMD ["things-server"]
