FROM rust:1-slim

ENV DEBIAN_FRONTEND=noninteractive
RUN set -eux; \
    apt-get update; \
    apt-get install -y --no-install-recommends libsqlite3-dev; \
    rm -rf /var/lib/apt/lists/*

WORKDIR /build
COPY . .
RUN cargo build --release --workspace \
 && cp target/release/things-server target/release/things-admin /usr/local/bin/ \
 && cargo clean

COPY migrations /srv/migrations
COPY entrypoint.sh /entrypoint.sh
RUN chmod +x /entrypoint.sh

WORKDIR /var/lib/things
ENV DATABASE_URL=/var/lib/things/things.db
EXPOSE 8080
ENTRYPOINT ["/entrypoint.sh"]
CMD ["things-server"]
