# Stand-in for rust:1-slim: Debian's newest Rust (the packages that its browsers are built with), found where the official
# image has it.
FROM debian:bookworm-slim

ENV RUSTUP_HOME=/usr/local/rustup
ENV CARGO_HOME=/usr/local/cargo
ENV PATH=/usr/local/cargo/bin:$PATH

RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates cargo-web gcc libc6-dev rustc-web wget \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir -p "$CARGO_HOME/bin" "$RUSTUP_HOME" \
 && for name in cargo rustc rustdoc; do ln -s "/usr/bin/$name" "$CARGO_HOME/bin/$name"; done \
 && chmod -R a+w "$CARGO_HOME" "$RUSTUP_HOME" \
 && cargo --version && rustc --version

LABEL dev.jettison.stand-in="true" \
      dev.jettison.stand-in.for="rust:1-slim"
