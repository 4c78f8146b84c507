FROM rust:1

WORKDIR /usr/src/greeter

# dependencies first: an empty program compiles them, and they are cached until Cargo.toml changes
COPY Cargo.toml ./
RUN mkdir src && echo 'fn main() {}' > src/main.rs && \
    cargo build --release && \
    rm -rf src target/release/deps/greeter*

COPY . .
RUN cargo build --release

EXPOSE 8080
CMD ["./target/release/greeter"]
