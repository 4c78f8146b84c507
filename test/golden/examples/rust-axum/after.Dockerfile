# syntax=docker/dockerfile:1
FROM rust:1 AS builder

WORKDIR /usr/src/greeter

# dependencies first: an empty program compiles them, and they are cached until Cargo.toml changes
COPY Cargo.toml ./
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    mkdir src && echo 'fn main() {}' > src/main.rs && \
    cargo build --release && \
    rm -rf src target/release/deps/greeter*

COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    cargo build --release

FROM debian:bookworm-slim AS runtime

WORKDIR /usr/src/greeter

# netbase: names of ports, used at run time by /usr/src/greeter/target/release/greeter
RUN apt-get update \
    && apt-get install -y --no-install-recommends netbase \
    && rm -rf /var/lib/apt/lists/*

COPY --from=builder /usr/src/greeter/assets /usr/src/greeter/assets
COPY --from=builder /usr/src/greeter/target/release/greeter /usr/src/greeter/target/release/

EXPOSE 8080
CMD ["./target/release/greeter"]
