# syntax=docker/dockerfile:1
FROM rust:1 AS builder

RUN apt-get update && \
    apt-get install -y pkg-config libssl-dev && \
    rm -rf /var/lib/apt/lists/*

WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    cargo install --path .

FROM debian:bookworm-slim AS runtime

ENV PATH=/usr/local/cargo/bin:$PATH
# ca-certificates: certificates, used at run time by /usr/local/cargo/bin/fingerprints
# netbase: names of ports, used at run time by /usr/local/cargo/bin/fingerprints
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates netbase \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /build
COPY --from=builder /usr/local/cargo/bin/fingerprints /usr/local/cargo/bin/

USER nobody
EXPOSE 8080
CMD ["fingerprints"]
