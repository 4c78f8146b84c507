# syntax=docker/dockerfile:1
FROM rust:latest AS builder
COPY . .
WORKDIR /
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    cargo build --release && mv target/release/my_app /my_app

FROM debian:bookworm-slim AS runtime
COPY --from=builder /static /static
WORKDIR /
COPY --from=builder /my_app /
EXPOSE 8000
CMD ["/my_app"]
