FROM rust:1

RUN apt-get update && \
    apt-get install -y pkg-config libssl-dev && \
    rm -rf /var/lib/apt/lists/*

WORKDIR /build
COPY . .
RUN cargo install --path .

USER nobody
EXPOSE 8080
CMD ["fingerprints"]
