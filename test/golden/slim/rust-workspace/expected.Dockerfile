# syntax=docker/dockerfile:1
FROM rust:1 AS builder

RUN apt-get update && apt-get install -y --no-install-recommends libpq-dev && rm -rf /var/lib/apt/lists/*

WORKDIR /usr/src/app
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    cargo build --release --workspace
RUN mv target/release/migrate /usr/local/bin/ && chmod 755 entrypoint.sh

FROM debian:bookworm-slim AS runtime

# libpq5: libpq.so.5, needed by /usr/local/bin/migrate and 1 more
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /usr/src/app
COPY --from=builder /usr/src/app/config.toml /usr/src/app/
COPY --from=builder /usr/src/app/target/release/server /usr/src/app/target/release/
COPY --from=builder /usr/local/bin/migrate /usr/local/bin/
COPY --from=builder /usr/src/app/entrypoint.sh /usr/src/app/

ENTRYPOINT ["./entrypoint.sh"]
CMD ["./target/release/server"]
